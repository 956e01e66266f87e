"""The basket by the API: what two do at once, what is refused, and whose it is."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.api.actions import create_key
from shop.api.models import Access
from shop.basket.models import Basket, Line
from shop.catalogue.models import Option
from shop.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.api.machine import Machine, problem
from tests.goods import a_parent, a_product
from tests.queries import counted_queries
from tests.vouchers import a_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def content(response: Any) -> dict[str, int]:
    return {line["title"]: line["quantity"] for line in response.json()["lines"]}


def errors(response: Any) -> dict[str, str]:
    assert problem(response) == (400, "invalid")
    return {error["pointer"]: error["detail"] for error in response.json()["errors"]}


def test_looking_at_a_basket_makes_no_row(machine, visitor):
    shown = machine.get("basket/").json()

    assert (shown["lines"], shown["quantity"], shown["currency"]) == ([], 0, "GBP")
    assert (shown["total_excl_tax"], shown["total_incl_tax"]) == ("0.00", "0.00")
    assert visitor.get("/api/v1/basket/").status_code == 200
    assert not Basket.objects.exists()


def test_what_is_put_in_is_priced_as_the_store_prices_it(machine, aurora_store):
    Store.objects.update(tax_rate=Decimal("0.2"))
    cup = a_product("Cup", aurora_store, price="10")

    answer = machine.post("basket/lines/", {"product": cup.pk, "quantity": 3})

    assert answer.status_code == 201
    (line,) = answer.json()["lines"]
    assert line.pop("receipt")["facts"]["line"] == {"currency": "GBP", "net": "30.00", "gross": "36.00"}
    assert line == {
        "id": Line.objects.get().pk,
        "product": cup.pk,
        "product_url": f"http://aurora.example/api/v1/products/{cup.pk}/",
        "title": "Cup",
        "upc": cup.upc,
        "image": None,
        "quantity": 3,
        "options": [],
        "unit_price": {"currency": "GBP", "excl_tax": "10.00", "incl_tax": "12.00", "tax": "2.00"},
        "price": {"currency": "GBP", "excl_tax": "30.00", "incl_tax": "36.00", "tax": "6.00"},
        "price_before_discounts": {"currency": "GBP", "excl_tax": "30.00", "incl_tax": "36.00", "tax": "6.00"},
        "availability_note": "",
        "warning": None,
    }
    assert answer.json()["total_incl_tax"] == "36.00"


def test_what_has_no_price_any_more_stays_in_the_basket_and_says_so(machine, aurora_store):
    cup, jug = a_product("Cup", aurora_store, price="10"), a_product("Jug", aurora_store, price="4")
    for product in (cup, jug):
        machine.post("basket/lines/", {"product": product.pk})
    cup.stockrecords.update(price=None)

    shown = machine.get("basket/").json()

    gone, line = shown["lines"]
    assert (gone["unit_price"], gone["price"], gone["price_before_discounts"]) == (None, None, None)
    assert gone["warning"] == "“Cup” can't be bought any more."
    assert (line["price"]["excl_tax"], shown["total_excl_tax"]) == ("4.00", "4.00")


def test_the_same_again_is_added_to_its_line(machine, aurora_store):
    cup = a_product("Cup", aurora_store)

    for _ in range(2):
        answer = machine.post("basket/lines/", {"product": cup.pk, "quantity": 2})

    assert content(answer) == {"Cup": 4}
    assert Line.objects.count() == 1


def test_a_variant_is_put_in_by_its_own_number(machine, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "10"})

    assert content(machine.post("basket/lines/", {"product": shirt.children.get().pk})) == {"Shirt, Small": 1}


def test_of_a_product_in_variants_one_must_be_chosen(machine, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "10"})

    answer = machine.post("basket/lines/", {"product": shirt.pk})

    assert errors(answer) == {"#/product": "Please choose a variant."}
    assert not Line.objects.exists()


def test_a_product_is_told_what_it_asks(machine, aurora_store):
    cup = a_product("Cup", aurora_store)
    cup.product_class.options.add(Option.objects.create(name="Engraving", type="text", required=True))

    refused = machine.post("basket/lines/", {"product": cup.pk})
    answer = machine.post("basket/lines/", {"product": cup.pk, "options": {"engraving": "Ada"}})

    assert errors(refused) == {"#/options/engraving": "This field is required."}
    assert answer.json()["lines"][0]["options"] == [{"code": "engraving", "name": "Engraving", "value": "Ada"}]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/product"),
        ({"product": "x"}, "#/product"),
        ({"product": None}, "#/product"),
        ({"product": [1]}, "#/product"),
        ({"product": 10**30}, "#/product"),
        ({"product": 0}, "#/product"),
        ({"quantity": 0}, "#/quantity"),
        ({"quantity": -1}, "#/quantity"),
        ({"quantity": 1.5}, "#/quantity"),
        ({"quantity": 10**30}, "#/quantity"),
        ({"quantity": 11}, "#"),
        ({"options": "x"}, "#/options"),
        ({"options": {"a": {"b": 1}}}, "#/options/a"),
        ({"options": {"a": "\0"}}, "#/options/a"),
        ([], "#"),
        (7, "#"),
    ],
)
def test_nonsense_is_refused_with_the_place_where_it_stands(machine, aurora_store, body, pointer):
    cup = a_product("Cup", aurora_store)
    whole = {"product": cup.pk} | body if isinstance(body, dict) and body else body

    answer = machine.client.post("/api/v1/basket/lines/", whole, content_type="application/json")

    assert list(errors(answer)) == [pointer]
    assert not Basket.objects.exists()


def test_what_the_store_does_not_sell_cannot_be_put_in(machine, aurora_store):
    for product in (a_product("Not listed"), a_product("Hidden", aurora_store, is_public=False)):
        answer = machine.post("basket/lines/", {"product": product.pk})
        assert errors(answer) == {"#/product": "The store sells no such product."}

    unpriced = machine.post("basket/lines/", {"product": a_product("Unpriced", aurora_store, price=None).pk})
    assert problem(unpriced)[0] == 400
    assert not Line.objects.exists()


def test_how_many_can_be_changed_as_far_as_there_is_stock(machine, aurora_store):
    line = machine.post("basket/lines/", {"product": a_product("Cup", aurora_store).pk}).json()["lines"][0]["id"]

    assert content(machine.patch(f"basket/lines/{line}/", {"quantity": 10})) == {"Cup": 10}
    refused = machine.patch(f"basket/lines/{line}/", {"quantity": 11})

    assert list(errors(refused)) == ["#/quantity"]
    assert Line.objects.get().quantity == 10


def test_a_line_and_the_whole_basket_can_be_emptied(machine, aurora_store):
    for title in ("Cup", "Jug", "Pot"):
        answer = machine.post("basket/lines/", {"product": a_product(title, aurora_store).pk})
    first = answer.json()["lines"][0]["id"]

    assert content(machine.delete(f"basket/lines/{first}/")) == {"Jug": 1, "Pot": 1}
    assert problem(machine.delete(f"basket/lines/{first}/")) == (404, "about:blank")
    assert content(machine.delete("basket/")) == {}
    assert Line.objects.count() == 0


def test_emptying_a_basket_that_nobody_has_made_makes_none(machine):
    assert content(machine.delete("basket/")) == {}
    assert not Basket.objects.exists()


def test_an_offer_shows_in_the_lines_and_beside_them(machine, aurora_store):
    every = Range.objects.create(name="All", includes_all_products=True)
    condition = Condition.objects.create(range=every, type=Condition.COUNT, value=1)
    benefit = Benefit.objects.create(range=every, type=Benefit.PERCENTAGE, value=10)
    ConditionalOffer.objects.create(name="10 % off", condition=condition, benefit=benefit)

    shown = machine.post("basket/lines/", {"product": a_product("Cup", aurora_store, price="10").pk}).json()

    assert (shown["lines"][0]["price"]["incl_tax"], shown["total_incl_tax"]) == ("9.00", "9.00")
    assert shown["lines"][0]["price_before_discounts"]["incl_tax"] == "10.00"
    assert [(each["name"], each["amount"], each["voucher"]) for each in shown["discounts"]] == [
        ("10 % off", "1.00", None)
    ]


def test_a_voucher_reduces_the_basket_until_it_is_taken_out(machine, aurora_store):
    voucher = a_voucher("SUMMER", percent=20)
    machine.post("basket/lines/", {"product": a_product("Cup", aurora_store, price="10").pk})

    applied = machine.post("basket/vouchers/", {"vouchercode": "summer"})

    assert applied.status_code == 201
    assert applied.json()["total_incl_tax"] == "8.00"
    assert applied.json()["vouchers"] == [{"id": voucher.pk, "code": "SUMMER", "name": "SUMMER"}]
    assert applied.json()["discounts"][0]["voucher"]["code"] == "SUMMER"
    removed = machine.delete(f"basket/vouchers/{voucher.pk}/")
    assert (removed.json()["total_incl_tax"], removed.json()["vouchers"]) == ("10.00", [])
    assert problem(machine.delete(f"basket/vouchers/{voucher.pk}/")) == (404, "about:blank")


def test_a_voucher_that_does_not_hold_is_refused(machine, aurora_store):
    a_voucher("OLD", percent=20, end_datetime=timezone.now() - timedelta(days=1))
    a_voucher("SUMMER", percent=20)
    a_voucher("NONE", percent=20, of=Range.objects.create(name="Nothing"))

    assert "#/vouchercode" in errors(machine.post("basket/vouchers/", {"vouchercode": "SUMMER"}))
    machine.post("basket/lines/", {"product": a_product("Cup", aurora_store, price="10").pk})
    for body in ({"vouchercode": "OLD"}, {"vouchercode": "UNKNOWN"}, {"vouchercode": "NONE"}, {"vouchercode": ""}, {}):
        assert problem(machine.post("basket/vouchers/", body)) == (400, "invalid")

    assert not Basket.objects.get().vouchers.exists()


def test_a_visitor_needs_the_token_of_the_stores_own_pages(aurora_store):
    cup = a_product("Cup", aurora_store)
    browser = Client(headers={"host": "aurora.example"}, enforce_csrf_checks=True)

    refused = browser.post("/api/v1/basket/lines/", {"product": cup.pk}, content_type="application/json")
    assert problem(refused) == (403, "about:blank")
    assert not Basket.objects.exists()

    browser.get("/accounts/login/")
    token = browser.cookies["csrftoken"].value
    answer = browser.post(
        "/api/v1/basket/lines/", {"product": cup.pk}, content_type="application/json", headers={"x-csrftoken": token}
    )
    assert content(answer) == {"Cup": 1}
    assert content(browser.get("/api/v1/basket/")) == {"Cup": 1}
    assert "Cup" in browser.get("/basket/").content.decode()


def test_a_keys_basket_is_its_customers_and_cookies_beside_it_are_not_looked_at(machine, buyer, aurora_store):
    visitor = Client(headers={"host": "aurora.example"})
    visitor.post(f"/basket/add/{a_product('Jug', aurora_store).pk}/", {"quantity": 1})
    machine.client.cookies = visitor.cookies

    machine.post("basket/lines/", {"product": a_product("Cup", aurora_store).pk})

    assert content(machine.get("basket/")) == {"Cup": 1}
    assert Basket.objects.get(owner=buyer).lines.get().product.title == "Cup"
    assert Basket.objects.get(owner=None).lines.get().product.title == "Jug"


def test_a_basket_takes_as_many_queries_for_two_lines_as_for_four(machine, aurora_store):
    counts = []
    for _ in range(2):
        for _ in range(2):
            machine.post("basket/lines/", {"product": a_product("Cup", aurora_store).pk})
        with counted_queries() as queries:
            assert machine.get("basket/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 16, queries


def test_a_basket_of_another_store_of_the_merchant_stays_there(machine, buyer, owner, aurora_store):
    machine.post("basket/lines/", {"product": a_product("Cup", aurora_store).pk})
    open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    _, text = create_key(buyer, name="ERP", access=Access.ORDER, by=owner)

    assert content(Machine("trade.example", key=text).get("basket/")) == {}


def test_nobody_reaches_anothers_line(machine, buyer, owner, aurora_store, lumen):
    line = machine.post("basket/lines/", {"product": a_product("Cup", aurora_store).pk}).json()["lines"][0]["id"]
    neighbour = User.objects.create_user("bob@example.com", "a long password")
    _, text = create_key(neighbour, name="ERP", access=Access.ORDER, by=owner)
    with merchant_scope(lumen.pk):
        theirs = User.objects.create_user("ada@example.com", "a long password")
        _, foreign = create_key(theirs, name="ERP", access=Access.ORDER, by=theirs)
        kerze = a_product("Kerze", Store.objects.get())

    for stranger in (Machine("aurora.example", key=text), Machine("lumen.example", key=foreign)):
        assert problem(stranger.patch(f"basket/lines/{line}/", {"quantity": 5})) == (404, "about:blank")
        assert problem(stranger.delete(f"basket/lines/{line}/")) == (404, "about:blank")
    assert errors(machine.post("basket/lines/", {"product": kerze.pk})) == {
        "#/product": "The store sells no such product."
    }
    assert Line.objects.get(pk=line).quantity == 1
