"""Whoever is limited to some stores, or works for a supplier, finds nothing of the others, by whatever way."""

import csv
import io

import pytest
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.shipping.actions import set_rate
from shop.shipping.models import DeliveryRate
from shop.stores.scope import merchant_scope

pytestmark = pytest.mark.django_db

OrderNote, ShippingAddress = get_model("order", "OrderNote"), get_model("order", "ShippingAddress")


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


def text(response) -> str:
    return response.content.decode()


def both_of(world) -> list[int]:
    return [world.order_here.pk, world.order_there.pk]


def downloaded(response) -> str:
    return response.content.decode("utf-8-sig")


@pytest.mark.parametrize("role", ["orders", "support"])
def test_a_member_of_one_store_sees_its_orders_only(browser_of, world, role):
    browser = browser_of(role, stores=(world.there,))

    page = text(browser.get("/dashboard/orders/"))
    assert "C-1" in page
    assert "A-1" not in page
    assert "A-1" not in text(browser.get("/dashboard/"))
    assert "ida@people.example" in text(browser.get("/dashboard/users/"))
    assert "bea@people.example" not in text(browser.get("/dashboard/users/"))
    rows = list(csv.reader(io.StringIO(downloaded(browser.get("/dashboard/orders/export/?format=csv")))))
    assert [row[0] for row in rows[1:]] == ["C-1"]


@pytest.mark.parametrize("role", ["orders", "support"])
@pytest.mark.parametrize(
    "path",
    [
        "orders/{number}/",
        "orders/{number}/notes/{note}/",
        "orders/{number}/shipping-address/",
        "users/{bea}/",
    ],
)
def test_an_id_out_of_reach_is_not_found(browser_of, world, role, path):
    note = OrderNote.objects.create(order=world.order_here, message="secret", note_type=OrderNote.INFO)
    path = "/dashboard/" + path.format(number="A-1", note=note.pk, bea=world.bea.pk)
    limited, unlimited = browser_of(role, stores=(world.there,)), browser_of(role)

    expected = 403 if role == "support" and "address" in path else 404
    assert limited.get(path).status_code in (expected, 405)
    assert limited.post(path, {"message": "x"}).status_code in (403, 404, 405)
    if "notes" not in path:
        assert unlimited.get(path).status_code == (403 if expected == 403 else 200)
    assert OrderNote.objects.count() == 1


@pytest.mark.parametrize("step", ["move", "cancel", "ship", "notes"])
def test_nothing_is_done_to_an_order_out_of_reach(browser_of, world, step):
    browser = browser_of("orders", stores=(world.there,))
    line = world.order_here.lines.first()

    form = {"action": "hold", "message": "x", f"part-{line.pk}-of-1": "1"}
    assert browser.post(f"/dashboard/orders/A-1/{step}/", form).status_code == 404

    assert Order.objects.get(number="A-1").status == OrderStatus.PENDING
    assert not OrderNote.objects.exists()


def test_a_bulk_action_changes_nothing_out_of_reach(browser_of, world):
    browser, asked = browser_of("orders", stores=(world.there,)), {"action": "start", "order": both_of(world)}

    pages = [text(browser.post("/dashboard/orders/bulk/", said)) for said in (asked, asked | {"confirmed": "yes"})]

    assert ["C-1" in page for page in pages] == [True, True]
    assert ["A-1" in page for page in pages] == [False, False]
    assert Order.objects.get(number="A-1").status == OrderStatus.PENDING
    assert Order.objects.get(number="C-1").status == OrderStatus.PROCESSING


def test_a_bulk_export_holds_nothing_out_of_reach(browser_of, world):
    browser = browser_of("orders", stores=(world.there,))

    content = downloaded(browser.post("/dashboard/orders/bulk/", {"action": "csv", "order": both_of(world)}))

    assert "C-1" in content
    assert "A-1" not in content


def test_an_order_is_not_found_by_its_number_either(browser_of, world):
    browser = browser_of("orders", stores=(world.there,))

    assert browser.get("/dashboard/orders/?q=C-1")["Location"] == "/dashboard/orders/C-1/"
    response = browser.get("/dashboard/orders/?q=A-1")
    assert response.status_code == 200
    assert "bea@people.example" not in text(response)


def test_statistics_and_figures_count_what_is_in_reach(browser_of, world):
    limited, analyst = browser_of("orders", stores=(world.there,)), browser_of("analyst")

    assert "<strong>1</strong><span>orders" in text(limited.get("/dashboard/orders/statistics/"))
    assert "<strong>2</strong><span>orders" in text(analyst.get("/dashboard/orders/statistics/"))
    assert "in 1 order<" in text(limited.get("/dashboard/"))
    assert "in 2 orders<" in text(analyst.get("/dashboard/"))
    assert "A-1" not in text(analyst.get("/dashboard/"))


def test_a_store_is_chosen_among_those_in_reach(browser_of, world):
    owner, limited = browser_of("owner"), browser_of("orders", stores=(world.there,))

    owner.post("/dashboard/store/", {"store": world.there.pk, "next": "/dashboard/orders/"})
    assert "A-1" not in text(owner.get("/dashboard/orders/"))
    assert owner.get("/dashboard/orders/A-1/").status_code == 200
    owner.post("/dashboard/store/", {"store": ""})
    assert "A-1" in text(owner.get("/dashboard/orders/"))
    assert owner.post("/dashboard/store/", {"next": "//evil.example/"})["Location"] == "/dashboard/"
    assert owner.post("/dashboard/store/", {"store": "9" * 5000}).status_code == 302

    limited.post("/dashboard/store/", {"store": world.here.pk})
    assert "A-1" not in text(limited.get("/dashboard/orders/"))
    session = limited.session
    session["dashboard.store"] = world.here.pk
    session.save()
    assert "A-1" not in text(limited.get("/dashboard/orders/"))


def test_a_choice_narrows_only_what_the_permission_reaches(browser_of, world):
    browser = browser_of("orders", stores=(world.here,))

    browser.post("/dashboard/store/", {"store": world.here.pk})

    assert "A-1" in text(browser.get("/dashboard/orders/"))


def test_delivery_rates_are_of_stores_in_reach(browser_of, world):
    here, there = (set_rate(store, "post", name=store.name, charge=5) for store in (world.here, world.there))
    browser = browser_of("orders", stores=(world.there,))

    assert "Clinics" in text(browser.get("/dashboard/shipping/"))
    assert f"/shipping/{here.pk}/" not in text(browser.get("/dashboard/shipping/"))
    form = {"store": world.here.pk, "name": "X", "code": "x", "charge": "1", "currency": "GBP", "position": "0"}
    for path in (f"{here.pk}/", f"{here.pk}/delete/"):
        assert browser.get("/dashboard/shipping/" + path).status_code == 404
        assert browser.post("/dashboard/shipping/" + path, form).status_code == 404
    browser.post("/dashboard/shipping/create/", form)
    browser.post(f"/dashboard/shipping/{there.pk}/", form)
    assert sorted(DeliveryRate.objects.values_list("store__name", "name")) == [
        ("Aurora", "Aurora"),
        ("Clinics", "Clinics"),
    ]

    browser.post("/dashboard/shipping/create/", {**form, "store": world.there.pk, "currency": "EUR"})  # not sold in
    browser.post("/dashboard/shipping/create/", {**form, "store": world.there.pk})
    browser.post(f"/dashboard/shipping/{there.pk}/delete/")
    assert DeliveryRate.objects.get(store=world.there).name == "X"


def test_a_supplier_sees_their_lines_and_where_they_go(browser_of, world):
    browser = browser_of("supplier")

    listing, page = text(browser.get("/dashboard/orders/")), text(browser.get("/dashboard/orders/A-1/"))
    for content in (listing, page, text(browser.get("/dashboard/"))):
        assert "Soap" in content
        assert "Oil" not in content
        assert "bea@people.example" not in content
        assert "24.00" not in content
    assert "1 High Street" in page
    assert "C-1" not in listing
    assert browser.get("/dashboard/orders/C-1/").status_code == 404
    assert (
        "number" not in text(browser.get("/dashboard/orders/?response_format=csv")).lower().partition("<main")[0][:30]
    )
    products = text(browser.get("/dashboard/catalogue/"))
    assert "Soap" in products
    assert "Oil" not in products
    assert f"/products/{world.soap.pk}/" not in products


def test_a_supplier_changes_nothing(browser_of, world):
    browser = browser_of("supplier")

    for path in ("orders/", "orders/A-1/"):
        form = {"action": "change_order_statuses", "order_action": "change_order_status", "new_status": "Cancelled"}
        assert browser.post(f"/dashboard/{path}", {**form, "selected_order": [world.order_here.pk]}).status_code == 405
    assert browser.post(f"/dashboard/catalogue/products/{world.soap.pk}/", {}).status_code == 403
    assert Order.objects.get(number="A-1").status == OrderStatus.PENDING


def test_a_delivery_address_is_changed_by_who_may_change_orders(browser_of, world):
    form = {
        "first_name": "Bea",
        "last_name": "Buyer",
        "line1": "2 Low Street",
        "line4": "Leeds",
        "postcode": "LS1 1AA",
        "country": "GB",
    }
    path = "/dashboard/orders/A-1/shipping-address/"

    assert browser_of("support").post(path, form).status_code == 403
    assert browser_of("orders", stores=(world.there,)).post(path, form).status_code == 404
    assert browser_of("orders").post(path, form).status_code == 302
    assert world.order_here.shipping_address.__class__.objects.get(order=world.order_here).line1 == "2 Low Street"


def test_customers_are_switched_off_and_staff_is_not(browser_of, world):
    support, orders, owner = browser_of("support"), browser_of("orders"), browser_of("owner")
    boss = User.objects.get(email="owner-0@aurora.example")
    form = {"action": "make_inactive", "selected_user": [world.bea.pk, boss.pk]}

    assert orders.post("/dashboard/users/", form).status_code == 403
    assert User.objects.filter(is_active=False).count() == 0
    support.post("/dashboard/users/", form)

    assert list(User.objects.filter(is_active=False)) == [world.bea]
    owner.post("/dashboard/users/", {"action": "make_active", "selected_user": [world.bea.pk]})
    assert not User.objects.filter(is_active=False).exists()


def test_a_customer_is_sent_a_letter(browser_of, world, django_capture_on_commit_callbacks, mailoutbox):
    support = browser_of("support", stores=(world.here,))

    with django_capture_on_commit_callbacks(execute=True):
        support.post(f"/dashboard/users/{world.bea.pk}/password-reset/")
        support.post(f"/dashboard/users/{world.ida.pk}/password-reset/")

    assert [letter.to for letter in mailoutbox] == [["bea@people.example"]]
    for _ in range(4):
        support.post(f"/dashboard/users/{world.bea.pk}/password-reset/")
    assert len(mailoutbox) == 1


def test_a_stranger_with_another_merchants_ids_finds_nothing(browser_of, world, lumen):
    owner = browser_of("owner")
    with merchant_scope(lumen.pk):
        theirs = User.objects.create_user("eve@lumen.example", "a long password")

    assert owner.get(f"/dashboard/users/{theirs.pk}/").status_code == 404
    owner.post("/dashboard/users/", {"action": "make_inactive", "selected_user": [theirs.pk]})
    with merchant_scope(lumen.pk):
        assert User.objects.get(pk=theirs.pk).is_active
