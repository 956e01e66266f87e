from collections import Counter

import pytest
from django.db import connection

from shop.stores.roles import owner_connection
from shop.stores.tenancy import DIRECTORY, owned_tables
from shop.versions import plan
from shop.versions.tables import AFTER, ONE_EACH, PAGES, UNSEEN, followed

pytestmark = pytest.mark.django_db


def test_of_every_table_it_is_said_what_its_changes_move():
    tables = {table for table, _ in followed()}

    assert tables | UNSEEN == owned_tables() | {DIRECTORY}


def test_no_table_is_named_twice():
    """What is said last would count alone."""
    named = [*PAGES, *ONE_EACH, *{table for table, _ in AFTER}, *UNSEEN]

    assert [table for table, times in Counter(named).items() if times > 1] == []


def test_the_database_is_as_planned():
    assert plan.pending(connection) == []


def test_what_was_changed_by_hand_is_made_as_planned(own_database):
    with owner_connection():
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER stoa_moves_insert ON catalogue_product")
            cursor.execute("CREATE OR REPLACE FUNCTION stoa_move(marks text[]) RETURNS void LANGUAGE sql AS ''")
            cursor.execute("CREATE FUNCTION stoa_moves_old() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'")

        assert plan.apply(connection) == 3
        assert plan.pending(connection) == []
