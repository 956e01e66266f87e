"""The dashboard's pages of the stock."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shop.accounts.models import User
from shop.catalogue.models import Category
from shop.inventory.actions import allocate, consume
from shop.inventory.models import Location, StockCount, StockMovement, StockPolicy
from shop.partner.models import StockAlert, StockRecord
from shop.staff.actions import grant_role
from shop.stores.scope import merchant_scope
from tests.dashboard.conftest import product
from tests.dashboard.test_products import filled_form
from tests.inventory.stocked import a_location, adds_up, levels_of, lines_of, stock_of
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(browser_of) -> Client:
    return browser_of("catalogue")


@pytest.fixture
def record(world, in_aurora) -> StockRecord:
    return world.oil.stockrecords.get()


def address(name, *args):
    return reverse(f"dashboard:{name}", args=args)


def text_of(page) -> str:
    assert page.status_code == 200, page
    return " ".join(page.content.decode().split())


def test_the_overview_counts_what_is_low_now(clerk, world, record):
    world.soap.stockrecords.update(num_in_stock=4, low_stock_threshold=4)

    for num_in_stock, said in ((3, "<strong>0</strong>"), (2, "<strong>1</strong>")):
        StockRecord.objects.filter(pk=record.pk).update(num_in_stock=num_in_stock, low_stock_threshold=3)
        assert f'{said}<a href="/dashboard/stock/?show=low">' in text_of(clerk.get("/dashboard/"))


def test_no_two_fields_of_a_stock_record_share_an_id(clerk, record):
    ids = re.findall(r' id="([^"]+)"', text_of(clerk.get(address("stock-record", record.pk))))

    assert {"id_pieces", "transfer_pieces"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_list_finds_what_is_low_and_what_is_gone(clerk, world, record):
    StockRecord.objects.filter(pk=record.pk).update(num_in_stock=1, low_stock_threshold=3)
    world.soap.stockrecords.update(num_in_stock=0)

    for show, shown in (("", {"Oil", "Soap"}), ("low", {"Oil"}), ("out", {"Soap"}), ("awaited", set())):
        records = clerk.get(address("stock-list"), {"show": show}).context["records"]
        assert {one.product.title for one in records} == shown, show
    assert [one.pk for one in clerk.get(address("stock-list"), {"q": "oi"}).context["records"]] == [record.pk]


def test_what_orders_took_below_its_threshold_leads_to_its_stock(browser_of, world, record):
    StockAlert.objects.create(stockrecord=record, threshold=8)
    StockAlert.objects.create(stockrecord=world.soap.stockrecords.get(), threshold=9).close()

    page = text_of(browser_of("orders").get(address("stock-alert-list"), {"status": "Open"}))

    assert f'<a href="{address("stock-record", record.pk)}">{record.partner_sku}</a>' in page
    assert "still low" in page
    assert "Soap" not in page
    assert f'<a href="{address("stock-list")}?show=low">' in page


def test_pieces_are_booked_in_and_stand_in_the_ledger_with_who_did_it(clerk, world, record):
    main = Location.objects.get()
    said = {"location": main.pk, "pieces": 7, "cause": "receipt", "reference": "DN 4711"}

    assert clerk.post(address("stock-book", record.pk), said).status_code == 302

    assert stock_of(world.oil) == (12, 0)
    movement = StockMovement.objects.latest("pk")
    assert (movement.by.email, movement.reference) == ("catalogue-0@aurora.example", "DN 4711")
    page = text_of(clerk.get(address("stock-record", record.pk)))
    assert "DN 4711" in page
    assert "+7" in page
    assert adds_up()


@pytest.mark.parametrize(
    "said",
    [{"pieces": -6, "cause": "correction"}, {"pieces": -1, "cause": "receipt"}, {"pieces": 0}, {"cause": "sale"}],
)
def test_what_cannot_be_booked_is_said_and_nothing_moves(clerk, world, record, said):
    fields = {"location": Location.objects.get().pk, "pieces": 1, "cause": "receipt", "reference": ""} | said

    page = clerk.post(address("stock-book", record.pk), fields)

    assert 'class="text-danger"' in text_of(page)
    assert stock_of(world.oil) == (5, 0)


def test_orders_of_other_stores_are_not_named(browser_of, world, record):
    (line,) = lines = lines_of(world.there, (world.oil, 5))
    StockRecord.objects.filter(pk=record.pk).update(sold_ahead="backorder")
    (waiting,) = more = lines_of(world.there, (world.oil, 2))
    allocate(lines)
    allocate(more)
    consume({line: 1})
    path, numbers = address("stock-record", record.pk), {line.order.number, waiting.order.number}

    shown = {
        name: text_of(browser_of("orders", stores=stores).get(path))
        for name, stores in (("there", (world.there, world.here)), ("here", (world.here,)))
    }

    assert [{number for number in numbers if f"{number}<" in page} for page in shown.values()] == [numbers, set()]
    assert "Sale" in shown["here"]
    link = f'<a href="{address("order-detail", line.order.number)}">'
    assert [shown[name].split("Ledger")[1].count(link) for name in ("there", "here")] == [1, 0]


def test_pieces_are_brought_to_another_location(clerk, world, record):
    main, shop = Location.objects.get(), a_location("shop")

    clerk.post(address("stock-transfer", record.pk), {"origin": main.pk, "target": shop.pk, "pieces": 2})
    refused = clerk.post(address("stock-transfer", record.pk), {"origin": main.pk, "target": shop.pk, "pieces": 4})

    assert "There is not enough of Oil at Main warehouse." in text_of(refused)
    assert levels_of(world.oil) == {"main": (3, 0), "shop": (2, 0)}


def test_goods_are_sold_ahead_from_the_page(clerk, record):
    said = {"how": "backorder", "promised_on": "2027-01-15", "most": 20}

    assert clerk.post(address("stock-terms", record.pk), said).status_code == 302
    page = clerk.post(address("stock-terms", record.pk), {"how": "", "promised_on": "2027-01-15"})

    assert "Only what is sold ahead has a day and a limit." in text_of(page)
    record.refresh_from_db()
    assert (record.sold_ahead, str(record.promised_on), record.most_ahead) == ("backorder", "2027-01-15", 20)


def test_a_location_is_added_and_given_up_only_when_it_is_empty(clerk, world, record):
    fields = {"name": "Shop", "code": "shop", "kind": "shop", "priority": 1, "country": "GB", "is_active": "on"}
    assert clerk.post(address("location-create"), fields).status_code == 302
    main = Location.objects.get(code="main")

    page = clerk.post(
        address("location", main.pk), {"name": "Main", "code": "main", "kind": "warehouse", "priority": 0}
    )

    assert "There are goods at this location" in text_of(page)
    assert set(Location.objects.active().values_list("code", flat=True)) == {"main", "shop"}
    assert "Shop" in text_of(clerk.get(address("location-list")))


def test_a_store_says_how_it_takes_stock(clerk, world):
    clerk.post(address("stock-policy", world.there.pk), {"rule": "nearest", "hold_minutes": 30})

    with merchant_scope(world.there.merchant_id):
        policy = StockPolicy.objects.get()
        assert (policy.store_id, policy.rule, policy.hold_minutes) == (world.there.pk, "nearest", 30)


def test_a_count_is_sent_looked_at_and_signed(clerk, browser_of, world, record):
    file = SimpleUploadedFile("shelf.csv", b"sku,count\nOil,3\nSoap,5\n")
    sent = browser_of("orders").post(address("count-import"), {"file": file})
    count = StockCount.objects.get()
    assert sent["Location"] == address("count", count.pk)

    assert browser_of("orders", stores=(world.here,)).get(sent["Location"]).status_code == 403
    assert "Sign and move 1 difference" in text_of(clerk.get(sent["Location"]))
    assert stock_of(world.oil) == (5, 0)
    clerk.post(address("count-sign", count.pk))

    assert stock_of(world.oil) == (3, 0)
    assert "This count was signed or withdrawn already." in text_of(
        clerk.post(address("count-withdraw", count.pk), follow=True)
    )


def test_refused_rows_of_a_count_are_shown(clerk, world, record):
    file = SimpleUploadedFile("shelf.csv", b"sku,count\nOil,3\nNothing,5\n")

    page = text_of(clerk.post(address("count-import"), {"file": file}))

    assert "is no SKU of a supplier" in page
    assert not StockCount.objects.exists()


def test_the_product_form_counts_through_the_ledger_and_leaves_what_orders_took(clerk, world, record):
    path = address("catalogue-product", world.oil.pk)
    category = Category.add_root(name="Goods")
    form = filled_form(clerk, path) | {"productcategory_set-0-category": category.pk}
    allocate(lines_of(world.here, (world.oil, 2)))  # while somebody has the form open

    clerk.post(path, form | {"stockrecords-0-price": "12.50"})
    assert (stock_of(world.oil), StockRecord.objects.get(pk=record.pk).price) == ((5, 2), Decimal("12.50"))
    form = filled_form(clerk, path)
    clerk.post(path, form | {"stockrecords-0-num_in_stock": "9"})

    assert stock_of(world.oil) == (9, 2)
    movement = StockMovement.objects.latest("pk")
    assert (movement.cause, movement.quantity, movement.by.email) == ("count", 4, "catalogue-0@aurora.example")
    assert adds_up()


def test_pages_ask_as_often_for_many_rows_as_for_few(clerk, world, record):
    pages = [address("stock-list"), address("stock-record", record.pk), address("location-list")]

    def queries():
        for page in pages:
            with counted_queries() as counted:
                assert clerk.get(page).status_code == 200
            yield len(counted)

    list(queries())  # the first time, content types and the like are read
    before = list(queries())
    for n in range(5):
        product(f"Oil {n}", world.own)
        a_location(f"shop-{n}")
        StockRecord.objects.filter(pk=record.pk).update(num_in_stock=20 + n)

    assert list(queries()) == before


def test_the_other_merchants_staff_find_nothing(world, record, lumen):
    stranger = Client(headers={"host": "lumen.example"})
    with merchant_scope(lumen.pk):
        user = User.objects.create_user("owner@lumen.example", "a long password")
        grant_role(user, "owner", by=None)
        stranger.force_login(user)

    assert stranger.get(address("stock-record", record.pk)).status_code == 404
    said = {"location": Location.objects.get().pk, "pieces": 7, "cause": "receipt"}
    assert stranger.post(address("stock-book", record.pk), said).status_code == 404
    assert stock_of(world.oil) == (5, 0)
