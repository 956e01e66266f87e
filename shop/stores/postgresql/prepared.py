"""Querysets that are compiled once: Django builds the SQL of each query anew, which costs more than to run it.

    @prepared
    def lines_of(basket: int) -> QuerySet[Line]:
        return Line.objects.filter(basket=basket).select_related("product")

    lines_of(basket=1)  # a list

Only for what every request asks. A value may stand where Django takes an expression (in conditions and annotations): it
must not be looked at while the queryset is built, or be None. A list of keys stands as one: `Among(F("pk"), keys)`.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property, update_wrapper
from inspect import signature
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Lookup, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)


class Parameter(Value):
    """Where a value will stand. The value of the expression is the expression itself."""

    def __init__(self, name: str) -> None:
        super().__init__(None)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Among(Lookup):  # type: ignore[type-arg]
    """Whether a key is one of a list, which is handed over as one array: the statement is the same for any number."""

    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key, its = self.process_lhs(compiler, connection)
        keys, theirs = self.process_rhs(compiler, connection)
        return f"{key} = ANY({keys}::bigint[])", (*its, *theirs)


class Prepared(Generic[M]):
    """A function that returns a queryset, of which only the first call builds one; calls return lists."""

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self.build = build
        update_wrapper(self, build)

    def __call__(self, **values: Any) -> list[M]:
        """What the queryset finds with these values. Raises `KeyError` where one is missing."""
        queryset, compiler, sql, parameters = self._compiled
        asked = copy(compiler)
        asked.connection = connections[queryset.db]
        given = tuple(values[each.name] if isinstance(each, Parameter) else each for each in parameters)
        asked.as_sql = lambda: (sql, given)  # type: ignore
        queryset = queryset.all()
        queryset.query.get_compiler = lambda *_, **__: asked  # type: ignore
        return list(queryset)

    @cached_property
    def _compiled(self) -> tuple[QuerySet[M], SQLCompiler, str, tuple[Any, ...]]:
        queryset = self.build(*map(Parameter, signature(self.build).parameters))
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, parameters = compiler.as_sql()
        return queryset, compiler, sql, tuple(parameters)


prepared = Prepared
