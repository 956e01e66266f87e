"""`search_index` writes rows of search anew, and compares them with what they should be."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shop.search.models import Entry, Word
from shop.search.postgresql.rebuilding import batches
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_product

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def run(**options: object) -> str:
    """What it prints. Raises `CommandError`."""
    out = StringIO()
    call_command("search_index", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def goods(aurora_store) -> list:
    return [a_product(f"Cup {n}", aurora_store) for n in range(5)]


def spoil(goods: list) -> None:
    """One row is gone, one is of long ago."""
    Entry.objects.filter(product=goods[0]).delete()
    Entry.objects.filter(product=goods[1]).update(sort_title="old", price=1)


def test_what_triggers_wrote_is_right(goods):
    assert "5 products, 0 rows wrong" in run(check=True, merchant="aurora")


def test_rows_say_in_which_order_their_words_stand():
    """Which rows come first where none says so is the planner's, who reads a few products otherwise than many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('search_rows(bigint[])'::regprocedure)")
        ((made,),) = cursor.fetchall()

    assert made.count("string_agg(") > 4
    assert made.count("string_agg(") == made.count("string_agg(DISTINCT ") + made.count("' ' ORDER BY ")


def test_what_is_wrong_is_named_and_left_alone(goods):
    spoil(goods)

    out = StringIO()
    with pytest.raises(CommandError, match="not what they should be"):
        call_command("search_index", check=True, merchant="aurora", stdout=out)

    store = Store.objects.get()
    assert f"aurora product {goods[0].pk} in store {store.pk}: its row is missing" in out.getvalue()
    assert f"aurora product {goods[1].pk} in store {store.pk}: its row differs" in out.getvalue()
    assert Entry.objects.get(product=goods[1]).sort_title == "old"


def test_it_mends_what_is_wrong_and_touches_nothing_else(goods):
    spoil(goods)
    Word.objects.all().delete()

    def versions() -> dict[int, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT product_id, ctid::text FROM search_entry")
            return dict(cursor.fetchall())

    before = versions()

    assert "5 products, 2 rows wrong" in run(merchant="aurora")
    assert "5 products, 0 rows wrong" in run(merchant="aurora", check=True)
    after = versions()
    assert {pk for pk in after if after[pk] != before.get(pk)} == {goods[0].pk, goods[1].pk}
    assert set(Word.objects.values_list("word", flat=True)) == {"cup"}


def test_it_goes_in_batches_and_goes_on_where_it_was_stopped(goods, aurora):
    spoil(goods)

    first = next(batches(aurora.pk, after=0, size=1, store_id=None, mends=True))
    assert (first.last_id, first.products, len(first.wrong)) == (goods[0].pk, 1, 1)
    output = run(merchant="aurora", after=first.last_id, batch=2)

    assert output.splitlines()[-1] == f"aurora: 4 products, 1 rows wrong; --after {goods[-1].pk} goes on."
    assert run(merchant="aurora", check=True)


def test_a_store_is_mended_alone(goods, aurora_store):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    mug = a_product("Mug", trade)
    Entry.objects.filter(product__in=[goods[0], mug]).update(sort_title="old")

    assert "1 products, 1 rows wrong" in run(merchant="aurora", store="trade")

    assert Entry.objects.get(product=mug).sort_title == "mug"
    assert Entry.objects.get(product=goods[0]).sort_title == "old"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"store": "aurora"}, "name it"),
        ({"after": 3}, "name it"),
        ({"merchant": "nobody"}, "No merchant"),
        ({"merchant": "aurora", "store": "nowhere"}, "no store"),
        ({"batch": 0}, "at least one"),
    ],
)
def test_nonsense_is_refused(goods, options, said):
    spoil(goods)

    with pytest.raises(CommandError, match=said):
        run(**options)

    assert Entry.objects.count() == 4


# The stranger


def test_one_merchants_run_touches_no_other(goods, lumen):
    with merchant_scope(lumen.pk):
        a_product("Lamp", Store.objects.get())
        Entry.objects.update(sort_title="old")

    run(merchant="aurora")

    with merchant_scope(lumen.pk):
        assert Entry.objects.get().sort_title == "old"
    run()
    with merchant_scope(lumen.pk):
        assert Entry.objects.get().sort_title == "lamp"
