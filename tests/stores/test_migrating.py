"""What Django builds while it migrates is cut short: the database must come out as the models say all the same."""

import gc

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.state import ProjectState
from django.db.models import Field

from shop.stores.migrating import hurried

pytestmark = pytest.mark.data

WRONG_TYPES = """
SELECT wanted.* FROM unnest(%s::text[], %s::text[], %s::text[]) AS wanted("table", "column", type)
LEFT JOIN pg_attribute AS kept ON kept.attrelid = to_regclass(quote_ident("table")) AND kept.attname = "column"
WHERE kept.atttypid IS DISTINCT FROM to_regtype(wanted.type)
"""
UNGUARDED = """
SELECT wanted.* FROM unnest(%s::text[], %s::text[]) AS wanted("table", "column")
WHERE NOT EXISTS (
    SELECT FROM pg_constraint AS kept
    JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) AND attname = "column"
    WHERE contype = 'f' AND conrelid = to_regclass(quote_ident("table"))
)
"""


def columns() -> list[Field]:
    """Of all tables, but for the keys of those between two, which have none that anybody declared."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return [
        field
        for model in models
        if not model._meta.proxy and not model._meta.swapped
        for field in model._meta.local_concrete_fields
        if not (model._meta.auto_created and field.primary_key)
    ]


def ask(question: str, *lists: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(question, lists)
        return cursor.fetchall()


def test_every_column_has_the_type_of_its_field(db):
    fields = columns()
    assert len(fields) > 1000

    wrong = ask(
        WRONG_TYPES,
        [field.model._meta.db_table for field in fields],
        [field.column for field in fields],
        [field.db_type(connection) for field in fields],
    )

    assert wrong == []


def test_every_relation_is_guarded(db):
    relations = [field for field in columns() if field.remote_field and field.db_constraint]
    assert len(relations) > 300

    unguarded = ask(
        UNGUARDED, [field.model._meta.db_table for field in relations], [field.column for field in relations]
    )

    assert unguarded == []


def test_afterwards_all_is_as_django_has_it():
    before = ProjectState.reload_model, gc.get_threshold(), apps.get_swappable_settings_name("auth.User")

    with hurried():
        assert apps.get_swappable_settings_name("auth.User") == before[2]

    assert (ProjectState.reload_model, gc.get_threshold()) == before[:2]
    assert "get_swappable_settings_name" not in vars(apps)
