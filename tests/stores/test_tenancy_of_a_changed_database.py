import pytest
from django.core.management import call_command
from django.db import connection

from shop.stores import tenancy
from shop.stores.checks import tenancy_holds
from shop.stores.roles import owner_connection

pytestmark = pytest.mark.data


def test_the_database_says_what_is_wrong_with_it(own_tables_changed):
    assert {error.id for error in tenancy_holds(databases=["default"])} == own_tables_changed


@pytest.fixture(params=["column", "view", "owner", "grant", "unscoped"])
def own_tables_changed(request, own_database):
    statements = {
        "column": ('ALTER TABLE "basket_basket" NO FORCE ROW LEVEL SECURITY', {"stores.E002"}),
        "view": ("CREATE VIEW leak AS SELECT * FROM basket_basket", {"stores.E005"}),
        "grant": ("GRANT UPDATE ON search_scoped TO stoa_runtime", {"stores.E002"}),
        "unscoped": ("CREATE OR REPLACE VIEW search_scoped AS SELECT * FROM search_entry", {"stores.E005"}),
        "owner": ("CREATE VIEW leak AS SELECT 1; GRANT SELECT ON leak TO stoa_runtime", {"stores.E005"}),
    }
    statement, expected = statements[request.param]
    with owner_connection(), connection.cursor() as cursor:
        cursor.execute(statement)
    return expected


def test_migrating_again_changes_nothing(own_database, capsys):
    call_command("migrate", verbosity=1)

    assert "Tenancy: as planned." in capsys.readouterr().out


def test_the_owner_connects_as_its_address_says(own_database, settings):
    options = {**settings.DATABASE_OWNER["OPTIONS"], "application_name": "stoa-migrate"}
    settings.DATABASE_OWNER = {**settings.DATABASE_OWNER, "OPTIONS": options}

    with owner_connection(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('application_name'), current_setting('stoa.merchant')")
        assert cursor.fetchone() == ("stoa-migrate", "1")


def test_a_table_that_nothing_pointed_at_may_be_pointed_at_later(own_database):
    with owner_connection(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE search_entry DROP COLUMN listing_id CASCADE")
        cursor.execute("DROP INDEX listings_listing_row_scope")
        cursor.execute("CREATE INDEX listings_listing_scope ON listings_listing (merchant_id)")
        cursor.execute("ALTER TABLE search_entry ADD COLUMN listing_id bigint PRIMARY KEY REFERENCES listings_listing")

        tenancy.apply(connection)

        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE confrelid = 'listings_listing'::regclass"
        )
        assert [row for (row,) in cursor.fetchall()] == [
            "FOREIGN KEY (merchant_id, listing_id) REFERENCES listings_listing(merchant_id, id)"
        ]
