"""Querysets that are compiled once: Django builds the SQL of each query anew, which costs more than to run it.

    @prepared
    def lines_of(basket: int) -> QuerySet[Line]:
        return Line.objects.filter(basket=basket).select_related("product")

    lines_of(basket=1)  # a list

Only for what every request asks. A value may stand where Django takes an expression (in conditions and annotations): it
must not be looked at while the queryset is built, or be None. A list of ids is one value: `filter(among("pk", ids))`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property, update_wrapper
from inspect import signature
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import F, Lookup, Model, QuerySet, Value, prefetch_related_objects
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
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
    """Whether a column of keys is among these: one parameter, however many they are.

    How many, the database is not told before it runs: of few it believes that a plan for these very keys is cheaper by
    far than one for all, and would make one each time.
    """

    def __init__(self, column: str, ids: Any) -> None:
        super().__init__(F(column) if isinstance(column, str) else column, ids)

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        ids, given = compiler.compile(self.rhs)
        return f"{column} = ANY (ARRAY(SELECT unnest({ids}::bigint[])))", [*parameters, *given]


class Prepared(Generic[M]):
    """A function that returns a queryset, of which only the first call builds one; calls return lists."""

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self.build = build
        update_wrapper(self, build)

    def __call__(self, **values: Any) -> list[M]:
        """What the queryset finds with these values. Raises `KeyError` where one is missing, and
        `TransactionManagementError` where it locks and no transaction is open."""
        plan = self._plan
        connection = connections[plan.using]
        if plan.locks and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked in a transaction.")
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, plan.given(values))
            rows = cursor.fetchall()
        return plan.made_of(rows, connection)

    @cached_property
    def _plan(self) -> "Plan":
        return Plan(self.build(*map(Parameter, signature(self.build).parameters)))


class Plan:
    """A queryset's statement, and how its rows become what the queryset gives: as in `ModelIterable` and its like."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self.using, self.locks = queryset.db, queryset.query.select_for_update
        self.prefetched = queryset._prefetch_related_lookups
        self.compiler = compiler = queryset.query.get_compiler(using=self.using)
        self.sql, self.parameters = compiler.as_sql()
        self.converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        self.made = MAKERS[queryset._iterable_class](compiler)

    def given(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(_given(values[each.name]) if isinstance(each, Parameter) else each for each in self.parameters)

    def made_of(self, rows: Iterable[Sequence[Any]], connection: Any) -> list[Any]:
        if self.converters:
            compiler = copy(self.compiler)
            compiler.connection = connection  # this thread's
            rows = compiler.apply_converters(rows, self.converters)
        found = list(map(self.made, rows))
        if self.prefetched and found:
            prefetch_related_objects(found, *self.prefetched)
        return found


def _given(value: Any) -> Any:
    return array_of(value) if isinstance(value, list) else value


def array_of(keys: Iterable[int]) -> str:
    """As PostgreSQL writes an array, for a place that says `::bigint[]`: psycopg would ask each key for its type."""
    return f"{{{','.join(map(str, keys))}}}"


def _objects(compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
    """Rows as objects, with related rows and annotations."""
    info, using = compiler.klass_info, compiler.using
    model, chosen, annotated = info["model"], info["select_fields"], compiler.annotation_col_map.items()
    own = slice(chosen[0], chosen[-1] + 1)
    names = [column.target.attname for column, *_ in compiler.select[own]]
    related = get_related_populators(info, compiler.select, using)

    def made(row: Sequence[Any]) -> Any:
        one = model.from_db(using, names, row[own])
        for each in related:
            each.populate(row, one)
        for name, place in annotated:
            setattr(one, name, row[place])
        return one

    return made


def _tuples(compiler: SQLCompiler) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    return lambda row: tuple(row[: compiler.col_count])


MAKERS: dict[type, Callable[[SQLCompiler], Callable[[Sequence[Any]], Any]]] = {
    ModelIterable: _objects,
    ValuesListIterable: _tuples,
    FlatValuesListIterable: lambda compiler: itemgetter(0),
}


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
