"""The orders of a buyer, and of a guest by the link of the letter."""

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.basket.models import Basket
from shop.catalogue.models import Option
from shop.checkout.actions import place_order
from shop.listings.actions import unlist_products
from shop.order.statuses import OrderStatus
from shop.quickorder.review import State
from shop.stores.actions import NewStore, open_store
from tests.checkout.shopper import Shopper
from tests.goods import a_product
from tests.trade import a_basket, a_buyer, a_purchase, open_for_trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


@pytest.fixture
def buyer(store):
    return a_buyer()


def order_of(buyer, store, *titles):
    goods = [(a_product(title, store), 1) for title in titles or ("Cup",)]
    return place_order(a_basket(store, *goods, owner=buyer), a_purchase(store, buyer=buyer))


def guest_order(store, email="ada@example.com"):
    return place_order(a_basket(store, (a_product("Cup", store), 1)), a_purchase(store, guest_email=email))


def link_of(order):
    return {"args": [order.number, order.verification_hash()]}


def test_a_buyer_sees_the_orders_of_this_store(store, buyer):
    clinics = open_for_trade(open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example")))
    here, there = order_of(buyer, store), order_of(buyer, clinics)
    shopper = Shopper(store, signed_in_as=buyer)

    page = shopper.get("customer:order-list").content.decode()

    assert here.number in page
    assert there.number not in page
    assert shopper.get("customer:order", args=[here.number]).status_code == 200
    assert shopper.get("customer:order", args=[there.number]).status_code == 404


def test_the_list_asks_no_more_for_many_orders(store, buyer):
    shopper = Shopper(store, signed_in_as=buyer)
    shopper.get("customer:order-list")  # what every page has around it is loaded once
    counts = []
    for _ in range(2):
        for n in range(3):
            order_of(buyer, store, *(f"Cup {i}" for i in range(n + 1)))
        with CaptureQueriesContext(connection) as queries:
            shopper.get("customer:order-list")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_orders_page_asks_no_more_for_many_lines(store, buyer):
    shopper = Shopper(store, signed_in_as=buyer)
    shopper.get("customer:order-list")  # what every page has around it is loaded once
    counts = []
    for lines in (3, 6):
        order = order_of(buyer, store, *(f"Cup {i}" for i in range(lines)))
        with CaptureQueriesContext(connection) as queries:
            shopper.get("customer:order", args=[order.number])
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_order_says_how_it_stands_and_how_to_pay(store, buyer):
    order = order_of(buyer, store)
    shopper = Shopper(store, signed_in_as=buyer)
    page = shopper.get("customer:order", args=[order.number]).content.decode()
    assert "Awaiting payment" in page
    assert "GB29 NWBK 6016 1331 9268 19" in page

    order.set_status(OrderStatus.PAID)

    page = shopper.get("customer:order", args=[order.number]).content.decode()
    assert "Paid" in page
    assert "GB29" not in page


def test_an_order_is_found_by_its_number(store, buyer):
    order = order_of(buyer, store)
    shopper = Shopper(store, signed_in_as=buyer)

    found = shopper.client.get(
        reverse("customer:order-list"), {"date_from": "", "date_to": "", "order_number": order.number}
    )

    assert found["Location"] == reverse("customer:order", args=[order.number])


def rows_of(answer):
    return answer.context_data["review"].rows


def sent_back(answer):
    """The rows of a review as its page sends them."""
    fields = {}
    for n, row in enumerate(rows_of(answer)):
        fields |= {f"row-{n}-code": row.entry.code, f"row-{n}-quantity": row.entry.quantity}
        fields |= {f"row-{n}-product": row.entry.product_id, f"row-{n}-order": row.entry.order_line_id}
        fields |= {f"row-{n}-title": row.entry.title}
    return fields


def test_an_order_is_reviewed_before_it_is_ordered_again(store, buyer):
    order = order_of(buyer, store, "Cup", "Plate", "Bowl")
    unlist_products(store, [order.lines.get(title="Plate").product])
    order.lines.get(title="Bowl").stockrecord.product.stockrecords.update(price=12, num_allocated=0)
    shopper = Shopper(store, signed_in_as=buyer)

    answer = shopper.post("customer:order", {"action": "reorder"}, args=[order.number])

    assert [(row.entry.title, row.state) for row in rows_of(answer)] == [
        ("Cup", State.READY),
        ("Plate", State.GONE),
        ("Bowl", State.READY),
    ]
    assert [row.notes for row in rows_of(answer)] == [
        [],
        [],
        ["Dearer than in that order: £12.00 each; it was £10.00."],
    ]
    again = shopper.client.post("/quick-order/", sent_back(answer) | {"action": "add"})
    assert [row.entry.title for row in rows_of(again)] == ["Plate"]
    assert {"Cup", "Bowl"} == {line.product.title for line in Basket.open.get(owner=buyer).lines.all()}


def test_what_was_wished_for_with_a_line_is_ordered_again_with_it(store, buyer):
    cup, option = a_product("Cup", store), Option.objects.create(name="Engraving", code="engraving", type="text")
    cup.product_options.add(option)
    basket = a_basket(store, owner=buyer)
    basket.add_product(cup, 1, [{"option": option, "value": "Ada"}])
    order = place_order(basket, a_purchase(store, buyer=buyer))
    shopper = Shopper(store, signed_in_as=buyer)

    answer = shopper.post("customer:order", {"action": "reorder"}, args=[order.number])
    shopper.client.post("/quick-order/", sent_back(answer) | {"action": "add"})

    assert "Engraving: Ada" in answer.content.decode()
    other = a_product("Jug", store)
    swapped = shopper.client.post("/quick-order/", sent_back(answer) | {"row-0-product": other.pk})
    assert [row.options for row in rows_of(swapped)] == [[]]
    [line] = Basket.open.get(owner=buyer).lines.all()
    assert [attribute.value for attribute in line.attributes.all()] == ["Ada"]


def test_one_line_can_be_ordered_again(store, buyer):
    order = order_of(buyer, store, "Cup", "Plate")
    shopper = Shopper(store, signed_in_as=buyer)

    line = order.lines.get(title="Plate")
    answer = shopper.post("customer:order-line", {"action": "reorder"}, args=[order.number, line.pk])

    assert [row.product.title for row in rows_of(answer)] == ["Plate"]


def test_what_is_sold_out_is_said_before_it_is_ordered_again(store, buyer):
    order = order_of(buyer, store)
    order.lines.get().stockrecord.product.stockrecords.update(num_in_stock=1)
    shopper = Shopper(store, signed_in_as=buyer)

    answer = shopper.post("customer:order", {"action": "reorder"}, args=[order.number])

    assert [(row.state, row.reason) for row in rows_of(answer)] == [(State.SHORT, "This is out of stock.")]


def test_an_order_is_reviewed_in_as_many_queries_for_many_lines_as_for_few(store, buyer):
    shopper, counts = Shopper(store, signed_in_as=buyer), []
    for lines in (3, 6):
        order = order_of(buyer, store, *(f"Cup {n}" for n in range(lines)))
        shopper.get("customer:order", args=[order.number])
        with CaptureQueriesContext(connection) as queries:
            shopper.post("customer:order", {"action": "reorder"}, args=[order.number])
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_guest_who_has_just_ordered_follows_the_link_at_once(store):
    shopper = Shopper(store)
    shopper.walk_to_preview(a_product("Cup", store))
    shopper.place()

    thanks = shopper.get("checkout:thank-you").content.decode()
    link = thanks.split('href="/accounts/order-status/')[1].split('"')[0]

    assert shopper.client.get(f"/accounts/order-status/{link}").status_code == 200


def test_elsewhere_the_link_asks_for_the_address_that_it_was_sent_to(store):
    order = guest_order(store)
    shopper = Shopper(store)

    asked = shopper.get("customer:anon-order", **link_of(order))
    assert asked["Location"] == reverse("customer:anon-order-form", args=link_of(order)["args"])
    wrong = shopper.post("customer:anon-order-form", {"email": "eve@example.com"}, **link_of(order))
    assert "No order was found" in wrong.content.decode()
    right = shopper.post("customer:anon-order-form", {"email": "ADA@example.com"}, **link_of(order))
    assert right["Location"] == reverse("customer:anon-order", **link_of(order))
    page = shopper.get("customer:anon-order", **link_of(order))
    assert order.number in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_link_that_was_made_up_opens_nothing(store):
    order, other = guest_order(store), guest_order(store)
    shopper = Shopper(store)
    session = shopper.client.session
    session["anon_order_email"] = "ada@example.com"
    session.save()

    made_up = [
        "x" * 43,
        other.verification_hash(),
        Signer(salt="oscar.apps.order.Order").sign(order.number),
        Signer(salt=f"order.{store.pk + 1}").signature(order.number),
        order.verification_hash()[:-1],
    ]
    for link in made_up:
        assert shopper.get("customer:anon-order", args=[order.number, link]).status_code == 302, link
    assert shopper.get("customer:anon-order", **link_of(order)).status_code == 200


def test_a_stranger_learns_nothing_of_an_order_by_repeating_its_lines(store, buyer):
    order = order_of(buyer, store)
    line = order.lines.get()
    line.stockrecord.product.stockrecords.update(price=12)
    row = {"row-0-code": "", "row-0-quantity": "1", "row-0-product": line.product_id, "row-0-order": line.pk}
    mallory = Shopper(store, signed_in_as=a_buyer("mallory@example.com"))

    for stranger in (mallory, Shopper(store)):
        assert [row.notes for row in rows_of(stranger.client.post("/quick-order/", row))] == [[]]
    assert rows_of(Shopper(store, signed_in_as=buyer).client.post("/quick-order/", row))[0].notes != []


def test_a_strangers_account_shows_nothing_of_anothers(store, buyer, lumen):
    order = order_of(buyer, store)
    line = order.lines.get()
    mallory = Shopper(store, signed_in_as=a_buyer("mallory@example.com"))

    assert order.number not in mallory.get("customer:order-list").content.decode()
    assert mallory.get("customer:order", args=[order.number]).status_code == 404
    assert mallory.post("customer:order", {"action": "reorder"}, args=[order.number]).status_code == 404
    assert mallory.post("customer:order-line", {"action": "reorder"}, args=[order.number, line.pk]).status_code == 404
    assert mallory.get("customer:anon-order", **link_of(order)).status_code == 302
    found = {"date_from": "", "date_to": "", "order_number": order.number}
    assert mallory.client.get(reverse("customer:order-list"), found).status_code == 200
    carried = Shopper(store, signed_in_as=buyer)
    for page in (reverse("customer:order-list"), reverse("customer:order", args=[order.number])):
        answer = carried.client.get(page, headers={"host": "lumen.example"})
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]
