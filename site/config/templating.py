"""The Jinja environment of a theme: as Jinja's, but for what a page with thousands of values pays a thousand times."""

from typing import Any

from django.utils.safestring import SafeString
from jinja2 import Environment, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, _escape_inner, escape

SAFE = frozenset({Markup, SafeString})


def written(value: Any) -> str:
    """`markupsafe.escape`, for what is joined with other texts at once and need not be marked as safe by itself."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    if kind in SAFE:
        return value
    return str(value) if kind is int else escape(value)


class Unknown(Undefined):
    """A name that nobody gave the template: nothing in a condition, and an error where it is written."""

    __slots__ = ()
    __str__ = Undefined._fail_with_undefined_error


class Generator(CodeGenerator):
    """Compiles outputs to `written` instead of `escape`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            return super()._output_child_pre(node, frame, finalize)
        self.write("environment.written(")
        return None


class ThemeEnvironment(Environment):
    code_generator_class = Generator
    written = staticmethod(written)

    def make_globals(self, d: Any) -> Any:
        """No template has globals of its own, so all share one dict: Jinja's map of maps is walked with each import."""
        return {**self.globals, **d} if d else self.globals
