"""The revisions of a price list in the dashboard: what each changed, what is yet to come, and undoing."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.catalogue.models import Category
from shop.pricing.actions import change_terms, publish_changes
from shop.pricing.changes import DropTier, SetTier, Target
from shop.pricing.dashboard import history
from shop.pricing.models import PriceList, Revision
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.pricing.trade import a_list, set_prices

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def manager(browser_of):
    return browser_of("catalogue")


@pytest.fixture
def trade(world) -> SimpleNamespace:
    """A cup at 9, at 8 from ten on; then at 9.50, and no more at 8."""
    trade, cup = a_list("trade"), a_product("Cup")
    target = Target(product_id=cup.pk)
    set_prices(trade, cup, "1:9", "10:8")
    publish_changes(trade, [SetTier(target, D("9.5")), DropTier(target, 10)], by=None, note="Autumn")
    return SimpleNamespace(list=trade, cup=cup, target=target, path=f"/dashboard/prices/{trade.pk}/revisions/")


def path_of(trade, number: int) -> str:
    return f"{trade.path}{Revision.objects.get(price_list=trade.list, number=number).pk}/"


def lines(browser, path: str) -> list[tuple[int, str, str]]:
    changes = browser.get(path).context["changes"]
    return [(line.min_quantity, line.was, line.becomes) for line in changes.lines]


def prices(price_list: PriceList) -> dict[int, Decimal]:
    return dict(price_list.tiers.in_force(timezone.now()).values_list("min_quantity", "value"))


def test_revisions_say_who_changed_how_many_prices_and_why(manager, trade):
    change_terms(trade.list, by=None, priority=1)

    page = manager.get(trade.path)
    rows = [(row.number, row.note, row.added_count, row.retired_count) for row in page.context["page_obj"]]
    assert rows == [(3, "", 0, 0), (2, "Autumn", 1, 2), (1, "", 2, 0)]
    assert "terms or quantities" in page.content.decode()


def test_a_revision_shows_what_stood_before_beside_what_it_set(manager, trade):
    assert lines(manager, path_of(trade, 1)) == [(1, "", "£9.00"), (10, "", "£8.00")]
    assert lines(manager, path_of(trade, 2)) == [(1, "£9.00", "£9.50"), (10, "£8.00", "")]


def test_the_pages_of_a_revision_leave_nothing_out(manager, trade, monkeypatch):
    monkeypatch.setattr(history.page_of_changes, "__kwdefaults__", {"size": 2})
    tops = Category.add_root(name="Tops")
    changes = [SetTier(Target(category_id=tops.pk), D(5), least) for least in (1, 2, 3)]
    publish_changes(trade.list, [*changes, DropTier(trade.target)], by=None)
    path, found = path_of(trade, 3), []

    after = ""
    while True:
        page = manager.get(f"{path}?after={after}").context["changes"]
        found += [(line.named.title, line.min_quantity) for line in page.lines]
        after = page.next
        if not after:
            break

    assert found == [("Tops", 1), ("Tops", 2), ("Tops", 3), ("Cup", 1)]
    assert manager.get(f"{path}?after=r%00x").status_code == 200


def test_a_revision_is_undone_after_a_question(manager, trade):
    path = f"{path_of(trade, 2)}undo/"
    assert "Undo revision 2?" in manager.get(path).content.decode()
    assert prices(trade.list) == {1: D("9.5")}

    answer = manager.post(path, follow=True)

    assert "Revision 2 is undone by revision 3." in answer.content.decode()
    assert "undoes revision 2" in answer.content.decode()
    assert prices(trade.list) == {1: D(9), 10: D(8)}
    assert "undo that one first" in manager.post(path, follow=True).content.decode()
    assert Revision.objects.get(number=3).by.email == "catalogue-0@aurora.example"


def test_a_revision_that_is_undone_says_so_and_is_not_offered_again(manager, trade):
    publish_changes(
        trade.list, [SetTier(trade.target, D(10))], by=None, takes_effect_at=timezone.now() + timedelta(days=40)
    )
    undoing = f"{path_of(trade, 3)}undo/"
    assert f'href="{undoing}"' in manager.get(trade.path).content.decode()

    manager.post(undoing)

    rows = manager.get(trade.path)
    assert [(row.number, row.undone_in) for row in rows.context["page_obj"]] == [
        (4, None),
        (3, 4),
        (2, None),
        (1, None),
    ]
    for page in (rows, manager.get(path_of(trade, 3)), manager.get(undoing)):
        assert "undone by revision 4" in page.content.decode()
        assert f'href="{undoing}"' not in page.content.decode()
        assert "Undo revision 3?" not in page.content.decode()


def test_what_is_yet_to_come_is_shown_and_undone_before_it_counts(manager, trade):
    january = timezone.now() + timedelta(days=40)
    publish_changes(trade.list, [SetTier(trade.target, D(10))], by=None, takes_effect_at=january)
    assert ">scheduled<" in manager.get(trade.path).content.decode()

    manager.post(f"{path_of(trade, 3)}undo/")

    assert trade.list.tiers.in_force(january).get().value == D("9.5")
    assert lines(manager, path_of(trade, 3)) == [(1, "£9.50", "£10.00")]
    set_prices(trade.list, trade.cup, "1:9.20")
    assert prices(trade.list) == {1: D("9.2")}


def test_twice_as_many_changes_ask_as_often(manager, trade):
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(path).status_code == 200
        return len(queries)

    few = [a_product(f"Few {number}") for number in range(2)]
    many = [a_product(f"Many {number}") for number in range(6)]
    for products in (few, many):
        tiers = [SetTier(Target(product_id=product.pk), D(5)) for product in products]
        publish_changes(trade.list, tiers, by=None)
    count(path_of(trade, 3))
    assert count(path_of(trade, 3)) == count(path_of(trade, 4))

    before = count(trade.path)
    for value in "5678":
        set_prices(trade.list, trade.cup, f"1:{value}")
    assert count(trade.path) == before


# The stranger


def test_revisions_of_another_merchant_or_list_are_not_there(manager, trade, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_list("theirs")
        set_prices(theirs, a_product("Lamp"), "1:9")
        revision = theirs.revisions.get()
    other = a_list("other")

    for path in (f"{trade.path}{revision.pk}/", f"/dashboard/prices/{theirs.pk}/revisions/"):
        assert manager.get(path).status_code == 404
    assert manager.post(f"{trade.path}{revision.pk}/undo/").status_code == 404
    mine = trade.list.revisions.get(number=2)
    assert manager.post(f"/dashboard/prices/{other.pk}/revisions/{mine.pk}/undo/").status_code == 404
    with merchant_scope(lumen.pk):
        assert theirs.tiers.current().count() == 1
