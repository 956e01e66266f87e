"""The language of templates: text with `{{ variable }}`, `{% if variable %}`, `{% else %}` and `{% endif %}`. No more.

It is read into a tree and filled with values that somebody else has made. There are no attributes, calls, filters or
loops, so a template can neither run anything nor reach what it was not given, and it takes no time worth speaking of.
"""

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .errors import TemplateRefused

LONGEST = 20_000
DEEPEST = 5
TAG = re.compile(r"(\{\{.{0,200}?\}\}|\{%.{0,200}?%\})", re.DOTALL)  # bounded, so that no text takes long
STRAY = re.compile(r"\{\{|\}\}|\{%|%\}")
NAME = r"[a-z][a-z0-9_]*"


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass
class Choice:
    name: str
    then: "list[Node]" = field(default_factory=list)
    otherwise: "list[Node]" = field(default_factory=list)


Node = str | Variable | Choice


def read(source: str, *, known: Set[str]) -> list[Node]:
    """The tree of a template that uses these variables. Raises `TemplateRefused`."""
    if len(source) > LONGEST:
        raise TemplateRefused(_("A template has at most %(count)d characters.") % {"count": LONGEST})
    reader = _Reader(known)
    for line, piece in _pieces(source):
        reader.take(piece, line)
    return reader.finished()


def fill(nodes: list[Node], has: Callable[[str], bool], put: Callable[[str], str]) -> str:
    """The text: `has` says whether a variable holds something, `put` gives what stands for it."""
    parts = []
    for node in nodes:
        match node:
            case str():
                parts.append(node)
            case Variable(name):
                parts.append(put(name))
            case Choice(name, then, otherwise):
                parts.append(fill(then if has(name) else otherwise, has, put))
    return "".join(parts)


def _pieces(source: str) -> Iterator[tuple[int, str]]:
    """Texts and tags, with the line that each begins in."""
    line = 1
    for piece in TAG.split(source):
        if piece:
            yield line, piece
        line += piece.count("\n")


class _Reader:
    """Puts pieces where they belong: at the end of the innermost branch that is open."""

    def __init__(self, known: Set[str]) -> None:
        self.known = known
        self.top: list[Node] = []
        self.branches = [self.top]
        self.choices: list[tuple[Choice, int]] = []

    def take(self, piece: str, line: int) -> None:
        if not TAG.fullmatch(piece):
            self.take_text(piece, line)
        elif piece.startswith("{{"):
            self.branches[-1].append(Variable(self.name_in(piece[2:-2], line)))
        else:
            self.take_tag(piece[2:-2].strip(), line)

    def take_text(self, text: str, line: int) -> None:
        if stray := STRAY.search(text):
            line += text.count("\n", 0, stray.start())
            raise TemplateRefused(_("Line %(line)d: “%(tag)s” has no other half.") % {"line": line, "tag": stray[0]})
        self.branches[-1].append(text)

    def take_tag(self, words: str, line: int) -> None:
        if match := re.fullmatch(r"if\s+(.+)", words, re.DOTALL):
            self.open(Choice(self.name_in(match[1], line)), line)
        elif words == "else" and self.choices and self.branches[-1] is self.choices[-1][0].then:
            self.branches[-1] = self.choices[-1][0].otherwise
        elif words == "endif" and self.choices:
            self.choices.pop()
            self.branches.pop()
        elif words in ("else", "endif"):
            said = _("Line %(line)d: “{%% %(tag)s %%}” belongs to no “{%% if … %%}”.")
            raise TemplateRefused(said % {"line": line, "tag": words})
        else:
            said = _("Line %(line)d: “%(words)s” is not known here; there are if, else and endif.")
            raise TemplateRefused(said % {"line": line, "words": words[:40]})

    def open(self, choice: Choice, line: int) -> None:
        if len(self.choices) == DEEPEST:
            raise TemplateRefused(_("Line %(line)d: there are too many ifs within each other.") % {"line": line})
        self.branches[-1].append(choice)
        self.branches.append(choice.then)
        self.choices.append((choice, line))

    def name_in(self, words: str, line: int) -> str:
        name = words.strip()
        if not re.fullmatch(NAME, name):
            said = _("Line %(line)d: “%(words)s” is no variable; only its name stands between the braces.")
            raise TemplateRefused(said % {"line": line, "words": name[:40]})
        if name not in self.known:
            said = _("Line %(line)d: this message has no variable “%(name)s”.")
            raise TemplateRefused(said % {"line": line, "name": name[:40]})
        return name

    def finished(self) -> list[Node]:
        if self.choices:
            line = self.choices[-1][1]
            raise TemplateRefused(_("Line %(line)d: “{%% if … %%}” has no “{%% endif %%}”.") % {"line": line})
        return self.top
