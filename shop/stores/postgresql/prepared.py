"""Querysets that are compiled once: Django builds the SQL of each query anew, which costs more than to run it.

    @prepared
    def lines_of(basket: int) -> QuerySet[Line]:
        return Line.objects.filter(basket=basket).select_related("product")

    lines_of(basket=1)  # a list

Only for what every request asks. A value may stand where Django takes an expression (in conditions and annotations): it
must not be looked at while the queryset is built, or be None. A list of ids is one value: `filter(among("pk", ids))`.
"""

from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property, update_wrapper
from inspect import signature
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import F, Lookup, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=Model)


class Parameter(Value):
    """Where a value will stand. The value of the expression is the expression itself."""

    def __init__(self, name: str) -> None:
        super().__init__(None)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class among(Lookup):  # noqa: N801 - reads as a condition
    """Whether a column of keys is among these: one parameter, however many they are."""

    def __init__(self, column: str, ids: Any) -> None:
        super().__init__(F(column) if isinstance(column, str) else column, ids)

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        ids, given = compiler.compile(self.rhs)
        return f"{column} = ANY ({ids}::bigint[])", [*parameters, *given]


class Prepared(Generic[M]):
    """A function that returns a queryset, of which only the first call builds one; calls return lists."""

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self.build = build
        update_wrapper(self, build)

    def __call__(self, **values: Any) -> list[M]:
        """What the queryset finds with these values. Raises `KeyError` where one is missing, and
        `TransactionManagementError` where it locks and no transaction is open."""
        queryset, compiler, sql, parameters, converters = self._compiled
        if queryset.query.select_for_update and not connections[queryset.db].in_atomic_block:
            raise TransactionManagementError("Rows are locked in a transaction.")
        asked = copy(compiler)
        asked.connection = connections[queryset.db]
        given = tuple(values[each.name] if isinstance(each, Parameter) else each for each in parameters)
        asked.as_sql = lambda: (sql, given)  # type: ignore
        asked.get_converters = lambda _: converters  # type: ignore
        queryset = queryset.all()
        queryset.query.get_compiler = lambda *_, **__: asked  # type: ignore
        return list(queryset)

    @cached_property
    def _compiled(self) -> tuple[QuerySet[M], SQLCompiler, str, tuple[Any, ...], dict[int, Any]]:
        queryset = self.build(*map(Parameter, signature(self.build).parameters))
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        return queryset, compiler, sql, tuple(parameters), converters


prepared = Prepared


def keep_related(owner: Model, name: str, rows: list[Any]) -> None:
    """Let `owner.name.all()` give these rows, as when Django has prefetched them; what is filtered is asked for."""
    relation: Any = owner._meta.get_field(name)
    back = relation.remote_field
    related = back.model._default_manager.get_queryset()
    related._deferred_filter = False, (), {back.name: owner}
    related._known_related_objects = {back: {owner.pk: owner}} if relation.one_to_many else {}
    related._result_cache, related._prefetch_done = rows, True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = related


def kept_rows(owner: Model, name: str) -> Sequence[Any]:
    """The rows that `owner.name.all()` gives, without a manager where they are kept."""
    kept = vars(owner).get("_prefetched_objects_cache", {}).get(name)
    return getattr(owner, name).all() if kept is None else kept._result_cache
