"""Rows are written by statements that are made once: Django builds each anew, which costs more than to run it.

    insert_all([address, order, *lines])
    insert(line)
    update(basket, "status", "date_submitted")

Signals are sent as by `save`. What the `save` of a model of its own does besides is the caller's business.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault
from django.db.models.signals import post_save, pre_save
from django.db.models.sql import InsertQuery

from .cursor import ONE_PLAN

Rows = list[Model]
_statements: dict[tuple[type[Model], tuple[str, ...], bool], str] = {}
"""By model, columns, and whether there are several rows: any number of these is one statement."""


def insert_all(objects: Iterable[Model]) -> None:
    """Write new objects, at least one, of any models whose keys the database counts. They may point to each other.

    Keys come from the sequences first, so that one statement can write all. Several rows of a model are an array for
    each column, so none of its columns may be one itself. Raises what the database raises.
    """
    found: defaultdict[type[Model], list[Model]] = defaultdict(list)
    for each in objects:
        found[type(each)].append(each)
    _tell(chain.from_iterable(found.values()), pre_save)
    with connection.cursor() as cursor:
        cursor.execute(*_keys(found))
        for rows, keys in zip(found.values(), cursor.fetchone(), strict=True):
            for row, key in zip(rows, keys, strict=True):
                row.pk = key
        parts = [_insertion(model, rows) for model, rows in found.items()]
        *named, last = (sql for sql, _ in parts)
        statement = "".join(f"{', ' if n else 'WITH '}part{n} AS ({sql}) " for n, sql in enumerate(named)) + last
        cursor.execute(f"{ONE_PLAN} {statement}", list(chain.from_iterable(values for _, values in parts)))
    _tell_written(chain.from_iterable(found.values()))


def insert(row: Model) -> None:
    """The same for one, in one round trip."""
    _tell([row], pre_save)
    statement, values = _insertion(type(row), [row])
    with connection.cursor() as cursor:
        cursor.execute(f'{statement} RETURNING "{row._meta.pk.column}"', values)
        (row.pk,) = cursor.fetchone()
    _tell_written([row])


def _tell_written(rows: Iterable[Model]) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
        _tell([row], post_save, created=True)


def update(row: Model, *names: str) -> None:
    """Write these fields of an object. Raises `DatabaseError` where its row is gone, as `save` does."""
    fields = [row._meta.get_field(name) for name in names]
    _tell([row], pre_save, update_fields=frozenset(names))
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_update(type(row), names), [*values, row.pk])
        if not cursor.rowcount:
            raise DatabaseError("There is no such row to be updated.")
    _tell([row], post_save, update_fields=frozenset(names), created=False)


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{model._meta.get_field(name).column}" = %s' for name in names)
    return f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{model._meta.pk.column}" = %s'  # noqa: S608


def _tell(rows: Iterable[Model], signal: Any, update_fields: frozenset[str] | None = None, **said: Any) -> None:
    said |= {"raw": False, "using": connection.alias, "update_fields": update_fields}
    for row in rows:
        signal.send(sender=type(row), instance=row, **said)


def _keys(found: Mapping[type[Model], Rows]) -> tuple[str, list[int]]:
    """The statement that takes as many keys of each model. (Of a series, plans differ by its length.)"""
    each = (
        f"ARRAY(SELECT {_next(model)} FROM generate_series(1, %s))"  # noqa: S608
        if len(rows) > 1
        else f"ARRAY[{_next(model)}]"
        for model, rows in found.items()
    )
    return f"SELECT {', '.join(each)}", [len(rows) for rows in found.values() if len(rows) > 1]


@cache
def _next(model: type[Model]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
        return f"nextval('{cursor.fetchone()[0]}')"


def _insertion(model: type[Model], rows: Rows) -> tuple[str, list[Any]]:
    """Of the rows of one model: the statement, and its values."""
    for row in rows:
        row._prepare_related_fields_for_save(operation_name="save")
    fields = _given(model, rows)
    values = [[field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields] for row in rows]
    has_several = len(rows) > 1
    key = model, tuple(field.attname for field in fields), has_several
    if key not in _statements:
        _statements[key] = _built(model, rows, fields)
    return _statements[key], [list(column) for column in zip(*values, strict=True)] if has_several else values[0]


def _given(model: type[Model], rows: Rows) -> list[Field]:
    """What the database itself fills in, which is asked for again where it is looked at, is left out."""
    fields = []
    for field in model._meta.local_concrete_fields:
        if field.primary_key and rows[0].pk is None:
            continue
        if field.has_db_default() and all(isinstance(row.__dict__[field.attname], DatabaseDefault) for row in rows):
            for row in rows:
                del row.__dict__[field.attname]
        else:
            fields.append(field)
    return fields


def _built(model: type[Model], rows: Rows, fields: list[Field]) -> str:
    """By Django, which takes one array for each column where there are several rows."""
    query = InsertQuery(model)
    query.insert_values(fields, rows)
    [(statement, _)] = query.get_compiler(connection=connection).as_sql()
    return statement
