"""Orders by the API: the same as by the pages, and once."""

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from shop.address.models import UserAddress
from shop.api.actions import create_key
from shop.api.models import Placement
from shop.audit.models import AuditEntry
from shop.basket.models import Basket
from shop.companies.models import Membership
from shop.companies.roles import MemberRole
from shop.order.models import Order
from shop.outbox.draining import drain_all
from shop.partner.models import StockRecord
from shop.payments.actions import grant_invoice
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.api.machine import Machine, problem
from tests.business import a_company, a_member
from tests.checkout.shopper import ADDRESS
from tests.goods import a_product
from tests.queries import counted_queries
from tests.trade import a_buyer, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]

ORDER = {"shipping_address": ADDRESS, "shipping_method": "standard", "payment_method": "bank_transfer"}


@pytest.fixture
def store(aurora_store: Store) -> Store:
    return open_for_trade(aurora_store)


@pytest.fixture
def cup(store: Store) -> Any:
    return a_product("Cup", store, price="10")


def place(machine: Machine, key: str = "1", **changes: Any) -> Any:
    return machine.post("checkout/", ORDER | changes, **{"idempotency-key": key})


def test_an_order_of_more_than_its_columns_hold_is_refused_with_a_sentence(machine, store):
    lot = a_product("Lot", store, price="9999999")
    lot.stockrecords.update(num_in_stock=2_000)
    machine.post("basket/lines/", {"product": lot.pk, "quantity": 1_001})

    for answer in (machine.post("checkout/preview/", ORDER), place(machine)):
        assert problem(answer) == (409, "order-too-large")
        assert "An order of more than £9,000,000,000.00 can't be placed here" in answer.json()["detail"]
    assert not Order.objects.exists()
    assert not Placement.objects.exists()


def test_what_can_be_chosen(machine, cup):
    machine.post("basket/lines/", {"product": cup.pk})

    shown = machine.get("checkout/").json()

    assert shown["countries"] == [
        {"code": "IE", "name": "Ireland"},
        {"code": "GB", "name": "United Kingdom"},
    ]
    assert shown["shipping_methods"] == [
        {
            "code": "standard",
            "name": "Standard",
            "description": "",
            "price": {"currency": "GBP", "excl_tax": "5.00", "incl_tax": "5.00", "tax": "0.00"},
        }
    ]
    assert [method["code"] for method in shown["payment_methods"]] == ["bank_transfer"]


def test_what_can_be_chosen_depends_on_who_asks_and_where_to(machine, buyer, cup):
    machine.post("basket/lines/", {"product": cup.pk})
    grant_invoice(buyer)

    assert [m["code"] for m in machine.get("checkout/").json()["payment_methods"]] == ["bank_transfer", "invoice"]
    assert len(machine.get("checkout/", country="IE").json()["shipping_methods"]) == 1
    assert machine.get("checkout/", country="US").json()["shipping_methods"] == []
    assert problem(machine.get("checkout/", country="Britain")) == (400, "invalid")


def test_a_key_buys_for_its_account_whatever_its_owner_chose_in_a_browser(machine, buyer, cup):
    a_member(a_company(), user=buyer, last_used_at=timezone.now())
    machine.post("basket/lines/", {"product": cup.pk})

    assert place(machine).status_code == 201

    assert (Order.objects.get().user, Order.objects.get().company) == (buyer, None)


def test_who_is_signed_in_buys_for_the_company_that_they_chose_and_a_viewer_does_not(visitor, buyer, cup):
    member = a_member(a_company(), MemberRole.VIEWER, user=buyer, last_used_at=timezone.now())
    visitor.force_login(buyer)
    send = {"content_type": "application/json", "headers": {"idempotency-key": "1"}}
    visitor.post("/api/v1/basket/lines/", {"product": cup.pk}, **send)

    assert problem(visitor.post("/api/v1/checkout/", ORDER, **send)) == (409, "may-not-order")
    Membership.objects.update(role=MemberRole.BUYER)
    assert visitor.post("/api/v1/checkout/", ORDER, **send).status_code == 201

    assert Order.objects.get().company == member.company


def test_an_order_is_placed_as_by_the_pages(machine, buyer, cup):
    machine.post("basket/lines/", {"product": cup.pk, "quantity": 2})

    answer = place(machine)
    drain_all()

    assert answer.status_code == 201
    order, shown = Order.objects.get(), answer.json()
    assert (order.user, order.store.slug, order.status) == (buyer, "aurora", "Awaiting payment")
    assert (order.total_incl_tax, order.sources.get().source_type.code) == (Decimal("25.00"), "bank_transfer")
    assert (order.attribution.channel, order.attribution.client) == ("api", "Their ERP")
    assert StockRecord.objects.get().num_allocated == 2
    assert shown["number"] == order.number
    assert shown["url"] == f"http://aurora.example/api/v1/orders/{order.number}/"
    assert (shown["status"], shown["total_incl_tax"], shown["shipping_incl_tax"]) == (
        "Awaiting payment",
        "25.00",
        "5.00",
    )
    assert [(line["title"], line["quantity"], line["price"]["incl_tax"]) for line in shown["lines"]] == [
        ("Cup", 2, "20.00")
    ]
    assert shown["shipping_address"]["line1"] == "1 Canal Street"
    assert ["Payment reference", order.number] in shown["payment"]["rows"]
    assert [letter.to for letter in mail.outbox] == [["ada@example.com"]]
    assert machine.get("basket/").json()["lines"] == []
    trail = AuditEntry.objects.get(action="api.order_placed")
    assert (trail.actor_id, trail.target_label, list(trail.details)) == (buyer.pk, str(order), ["key"])


def test_the_same_request_again_is_the_same_order(machine, cup):
    machine.post("basket/lines/", {"product": cup.pk})

    first, again = place(machine), place(machine)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Order.objects.count() == 1


def test_a_retry_does_not_order_what_was_put_in_meanwhile(machine, cup):
    machine.post("basket/lines/", {"product": cup.pk})
    place(machine)
    machine.post("basket/lines/", {"product": cup.pk})

    place(machine)
    assert Order.objects.count() == 1

    place(machine, "2")
    assert Order.objects.count() == 2


def test_a_key_does_not_stand_for_two_orders(machine, cup):
    machine.post("basket/lines/", {"product": cup.pk})
    place(machine)
    machine.post("basket/lines/", {"product": cup.pk})

    assert problem(place(machine, payment_method="invoice")) == (409, "idempotency-key-reused")
    assert Order.objects.count() == 1


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "\xe9"])
def test_an_order_needs_a_word_of_its_own(machine, cup, key):
    machine.post("basket/lines/", {"product": cup.pk})

    assert problem(place(machine, key)) == (400, "about:blank")
    assert not Order.objects.exists()


def test_a_refused_order_can_be_asked_for_again_under_the_same_key(machine, cup):
    machine.post("basket/lines/", {"product": cup.pk})

    assert problem(place(machine, payment_method="invoice")) == (409, "payment-not-offered")
    assert not Placement.objects.exists()
    assert place(machine).status_code == 201


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"shipping_address": None}, "address-missing"),
        ({"shipping_method": ""}, "delivery-not-offered"),
        ({"shipping_method": "drone"}, "delivery-not-offered"),
        ({"payment_method": ""}, "payment-not-offered"),
        ({"payment_method": "invoice"}, "payment-not-offered"),
        ({"agreed": "x"}, "price-changed"),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_is_written(machine, cup, changes, code):
    machine.post("basket/lines/", {"product": cup.pk})

    assert problem(place(machine, **changes)) == (409, code)
    if code != "price-changed":
        assert problem(machine.post("checkout/preview/", ORDER | changes)) == (409, code)

    assert not Order.objects.exists()
    assert not Placement.objects.exists()
    assert Basket.objects.get().status == "Open"
    assert StockRecord.objects.get().num_allocated is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"postcode": "nonsense"}, "#/shipping_address/postcode"),
        ({"country": "US"}, "#/shipping_address/country"),
        ({"country": "XX"}, "#/shipping_address/country"),
        ({"first_name": ""}, "#/shipping_address/first_name"),
        ({"first_name": "x" * 256}, "#/shipping_address/first_name"),
        ({"phone_number": "x"}, "#/shipping_address/phone_number"),
        ({"line1": "\0"}, "#/shipping_address/line1"),
        ({"line1": {}}, "#/shipping_address/line1"),
    ],
)
def test_a_wrong_address_is_refused_as_on_the_pages(machine, cup, changes, pointer):
    machine.post("basket/lines/", {"product": cup.pk})

    answer = place(machine, shipping_address=ADDRESS | changes)

    assert problem(answer) == (400, "invalid")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_preview_says_what_to_agree_to_and_holds_the_price(machine, cup):
    machine.post("basket/lines/", {"product": cup.pk})

    preview = machine.post("checkout/preview/", ORDER).json()
    StockRecord.objects.update(price=11)
    refused = place(machine, agreed=preview["agreed"])

    assert (preview["currency"], preview["total_incl_tax"], preview["shipping"]["incl_tax"]) == ("GBP", "15.00", "5.00")
    assert problem(refused) == (409, "price-changed")
    placed = place(machine, agreed=refused.json()["agreed"])
    assert placed.json()["total_incl_tax"] == "16.00"


def test_what_is_gone_meanwhile_is_named(machine, cup):
    machine.post("basket/lines/", {"product": cup.pk})
    StockRecord.objects.update(num_in_stock=0)

    refused = place(machine)

    assert problem(refused) == (409, "not-available")
    assert "Cup" in refused.json()["detail"]


def test_an_empty_basket_is_not_ordered(machine, store):
    assert problem(place(machine)) == (409, "empty-basket")
    assert problem(machine.post("checkout/preview/", ORDER)) == (409, "empty-basket")


def test_an_address_can_be_one_of_the_book_and_the_bill_go_elsewhere(machine, buyer, cup):
    machine.post("basket/lines/", {"product": cup.pk})
    address = machine.post("addresses/", ADDRESS | {"line1": "2 Book Street"}).json()
    bill = ADDRESS | {"line1": "3 Rue", "country": "FR", "postcode": "75001"}

    shown = place(machine, shipping_address=None, address_id=address["id"], billing_address=bill).json()

    assert shown["shipping_address"]["line1"] == "2 Book Street"
    assert (shown["billing_address"]["line1"], shown["billing_address"]["country"]) == ("3 Rue", "FR")


def test_an_address_of_somebody_elses_book_is_none(machine, cup):
    machine.post("basket/lines/", {"product": cup.pk})
    theirs = UserAddress.objects.create(user=a_buyer(), first_name="G", line1="1", country_id="GB", postcode="N1 9GU")

    answer = place(machine, address_id=theirs.pk)

    assert problem(answer) == (400, "invalid")
    assert answer.json()["errors"] == [{"pointer": "#/address_id", "detail": "There is no such address in your book."}]


def test_a_guest_of_the_pages_orders_once_as_well(store, cup):
    browser = Client(headers={"host": "aurora.example"})
    browser.post(f"/basket/add/{cup.pk}/", {"quantity": 1})
    guest = {"guest_email": "grace@example.com"} | ORDER

    def placed() -> Any:
        headers = {"idempotency-key": "1"}
        return browser.post("/api/v1/checkout/", guest, content_type="application/json", headers=headers)

    first, again = placed(), placed()

    assert (first.status_code, again.status_code) == (201, 200)
    assert Order.objects.get().guest_email == "grace@example.com"
    assert problem(browser.get(f"/api/v1/orders/{first.json()['number']}/")) == (401, "about:blank")


def test_an_address_that_is_too_long_to_write_to_is_refused_at_its_field(store, cup):
    browser = Client(headers={"host": "aurora.example"})
    browser.post(f"/basket/add/{cup.pk}/", {"quantity": 1})
    guest = {"guest_email": f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"} | ORDER
    headers = {"idempotency-key": "1"}

    answer = browser.post("/api/v1/checkout/", guest, content_type="application/json", headers=headers)

    assert problem(answer) == (400, "invalid")
    assert answer.json()["errors"][0]["pointer"] == "#/guest_email"
    assert not Order.objects.exists()


def test_a_guest_without_a_basket_or_an_address_to_write_to_orders_nothing(store, cup):
    browser = Client(headers={"host": "aurora.example"})
    headers = {"idempotency-key": "1"}
    post = {"path": "/api/v1/checkout/", "content_type": "application/json", "headers": headers}

    assert problem(browser.post(data=ORDER, **post)) == (409, "empty-basket")
    browser.cookies["oscar_open_basket"] = "1:forged"
    assert problem(browser.post(data=ORDER, **post)) == (409, "empty-basket")
    browser.post(f"/basket/add/{cup.pk}/", {"quantity": 1})
    assert problem(browser.post(data=ORDER, **post)) == (409, "no-buyer")
    assert not Order.objects.exists()


def test_an_order_of_ten_lines_takes_no_more_queries_than_by_the_pages(machine, store):
    counts = []
    for key, lines in (("5", 5), ("10", 10)):
        for number in range(lines):
            machine.post("basket/lines/", {"product": a_product(f"Cup {number}", store).pk})
        with counted_queries() as queries:
            assert place(machine, key).status_code == 201
        counts.append(len(queries))

    assert counts[1] <= 120, queries


# Own orders


def test_own_orders_are_listed_the_newest_first_in_pages(machine, cup):
    numbers = []
    for key in ("1", "2", "3"):
        machine.post("basket/lines/", {"product": cup.pk})
        numbers.append(place(machine, key).json()["number"])

    first = machine.get("orders/", page_size=2).json()
    second = machine.client.get(first["next"]).json()

    assert [order["number"] for order in first["results"] + second["results"]] == numbers[::-1]
    assert second["next"] is None
    assert first["results"][0]["quantity"] == 1


def test_orders_take_as_many_queries_for_one_as_for_three(machine, cup):
    counts = []
    for keys in (("1",), ("2", "3")):
        for key in keys:
            machine.post("basket/lines/", {"product": cup.pk})
            number = place(machine, key).json()["number"]
        with counted_queries() as queries:
            assert machine.get("orders/").status_code == 200
        counts.append(len(queries))
    with counted_queries() as detail:
        assert machine.get(f"orders/{number}/").status_code == 200

    assert counts[0] == counts[1] <= 8, queries
    assert len(detail) <= 18, detail


@pytest.mark.parametrize("number", ["AURORA-0", "x" * 300])
def test_an_unknown_order_is_not_found(machine, number):
    assert problem(machine.get(f"orders/{number}/")) == (404, "about:blank")


def test_nobody_sees_anothers_order(machine, owner, cup, lumen):
    machine.post("basket/lines/", {"product": cup.pk})
    number = place(machine).json()["number"]
    neighbour = a_buyer()
    _, text = create_key(neighbour, name="ERP", by=owner)
    with merchant_scope(lumen.pk):
        theirs = a_buyer("ada@example.com")
        _, foreign = create_key(theirs, name="ERP", by=theirs)

    for stranger in (Machine("aurora.example", key=text), Machine("lumen.example", key=foreign)):
        assert problem(stranger.get(f"orders/{number}/")) == (404, "about:blank")
        assert stranger.get("orders/").json()["results"] == []
    assert Placement.objects.count() == 1


# The address book


def test_the_address_book_can_be_kept(machine, buyer, store):
    made = machine.post("addresses/", ADDRESS)
    pk = made.json()["id"]

    assert made.status_code == 201
    assert made.json() == ADDRESS | {"id": pk, "line2": "", "line3": "", "state": "", "phone_number": "", "notes": ""}
    changed = machine.put(f"addresses/{pk}/", ADDRESS | {"line1": "2 Canal Street", "phone_number": "020 7946 0018"})
    assert (changed.json()["line1"], changed.json()["phone_number"]) == ("2 Canal Street", "+442079460018")
    assert [address["id"] for address in machine.get("addresses/").json()["results"]] == [pk]
    assert machine.get(f"addresses/{pk}/").json() == changed.json()
    assert machine.delete(f"addresses/{pk}/").status_code == 204
    assert problem(machine.get(f"addresses/{pk}/")) == (404, "about:blank")
    assert not UserAddress.objects.exists()


def test_the_same_address_is_in_the_book_once(machine, store):
    machine.post("addresses/", ADDRESS)

    assert problem(machine.post("addresses/", ADDRESS)) == (400, "invalid")
    assert UserAddress.objects.count() == 1


def test_nobody_reaches_anothers_addresses(machine, store):
    theirs = UserAddress.objects.create(user=a_buyer(), first_name="G", line1="1", country_id="GB", postcode="N1 9GU")

    for answer in (
        machine.get(f"addresses/{theirs.pk}/"),
        machine.put(f"addresses/{theirs.pk}/", ADDRESS),
        machine.delete(f"addresses/{theirs.pk}/"),
    ):
        assert problem(answer) == (404, "about:blank")
    theirs.refresh_from_db()
    assert theirs.line1 == "1"
    assert machine.get("addresses/").json()["results"] == []
