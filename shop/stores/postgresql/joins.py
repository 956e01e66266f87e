"""Joins to a few rows, each of which is looked up."""

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.datastructures import Join

Q = TypeVar("Q", bound=QuerySet[Any])


class LookedUp(Join):
    """As any other, but on `key = ANY (ARRAY[column])`, by which PostgreSQL can neither merge nor hash."""

    @property
    def identity(self) -> tuple[Any, ...]:
        return Join, *super().identity[1:]  # a join that the queryset has already serves

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        sql, parameters = super().as_sql(compiler, connection)
        quoted = compiler.quote_name_unless_alias
        ours, joined = quoted(self.parent_alias), quoted(self.table_alias or self.table_name)
        for own, theirs in self.join_cols:
            column, key = f"{ours}.{quoted(own)}", f"{joined}.{quoted(theirs)}"
            sql = sql.replace(f"{column} = {key}", f"{key} = ANY (ARRAY[{column}])")
        return sql, parameters


def looked_up(queryset: Q) -> Q:
    """With what is joined from now on looked up row by row, for a queryset that is known to find few.

    Where PostgreSQL expects many, from what it knows of others, or that what it looks for is all at the beginning of an
    index that it would merge with, it reads all that a merchant has to join it to three rows.
    """
    found = queryset.all()
    found.query.join_class = LookedUp
    return found
