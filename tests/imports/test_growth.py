"""What the database reads for a load grows with the load, whatever PostgreSQL thinks of the tables."""

from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from shop.imports.actions import Wishes, import_catalogue
from shop.partner.models import Partner
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant

pytestmark = pytest.mark.data


@pytest.fixture
def taken_for_empty(own_database: str, admin_url: str, tmp_path: Path) -> Merchant:
    """A merchant among tables that PostgreSQL looked at after what was loaded into them was rolled back."""
    merchant = cast_merchant("aurora")
    rows_read_by_loading(100, merchant, tmp_path)
    with psycopg.connect(make_conninfo(admin_url, dbname=own_database), autocommit=True) as admin:
        admin.execute("ANALYZE")
    return merchant


def rows_read_by_loading(products: int, merchant: Merchant, folder: Path) -> int:
    """Of all tables, by as many products in ten categories; nothing is kept."""
    path = folder / "catalogue.csv"
    lines = [f"SKU-{n},Cup {n},10.00,Kitchen > Shelf {n % 10}" for n in range(products)]
    path.write_text("\n".join(["sku,title,price,category", *lines]))
    with merchant_scope(merchant.pk), connection.cursor() as cursor:
        wishes = Wishes(Partner.objects.create(name="Warehouse").pk)
        import_catalogue(path, store=Store.objects.get(), wishes=wishes, progress=lambda doing, count: None)
        cursor.execute("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables")
        (read,) = cursor.fetchone()
        transaction.set_rollback(True)
    return int(read)


def test_a_load_reads_rows_by_its_products_from_tables_that_are_taken_for_empty(taken_for_empty, tmp_path):
    some, twice_as_many = (rows_read_by_loading(number, taken_for_empty, tmp_path) for number in (200, 400))

    assert some > 200
    assert twice_as_many < 2.3 * some
