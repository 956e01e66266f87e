"""Quantities in which products are sold, and "Why this price?", as staff ask."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.pricing.actions import publish_changes, set_quantity_rule
from shop.pricing.changes import SetTier, Target
from shop.pricing.levels import Level
from shop.pricing.models import QuantityRule
from shop.stores.scope import merchant_scope
from tests.business import a_company
from tests.goods import a_parent, a_product
from tests.pricing.trade import a_list, set_prices

pytestmark = pytest.mark.django_db

FOR_ALL, WHY = "/dashboard/prices/quantities/", "/dashboard/prices/why/"


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def manager(browser_of):
    return browser_of("catalogue")


@pytest.fixture
def cup(world):
    return a_product("Cup", upc="CUP")


def rules(price_list=None) -> dict[str, tuple[int, int]]:
    found = QuantityRule.objects.filter(price_list=price_list).select_related("product")
    return {rule.product.title: (rule.minimum, rule.multiple) for rule in found}


def test_a_rule_is_set_changed_and_taken_away(manager, cup):
    for minimum, multiple in (("12", "6"), ("24", "6")):
        answer = manager.post(FOR_ALL, {"product": "CUP", "minimum": minimum, "multiple": multiple}, follow=True)
    assert "“Cup” is sold from 24 on, in packs of 6." in answer.content.decode()
    assert rules() == {"Cup": (24, 6)}

    manager.post(FOR_ALL, {"remove": QuantityRule.objects.get().pk})
    assert rules() == {}


def test_a_rule_of_a_product_in_variants_is_set_and_found_by_its_code(manager, world):
    a_parent("Shirt", variants={"Small": "10"}, code="SHIRTS-7")

    manager.post(FOR_ALL, {"product": "shirts-7", "minimum": "12", "multiple": "6"})

    assert rules() == {"Shirt": (12, 6)}
    assert "Shirt" in manager.get(f"{FOR_ALL}?q=shirts-7").content.decode()
    assert "SHIRTS-7" in manager.get(FOR_ALL).content.decode()


def test_a_list_has_rules_of_its_own(manager, cup):
    trade = a_list("trade")
    set_quantity_rule(cup, minimum=12, multiple=6, by=None)

    manager.post(f"/dashboard/prices/{trade.pk}/quantities/", {"product": "CUP", "minimum": "1", "multiple": "3"})

    assert (rules(), rules(trade)) == ({"Cup": (12, 6)}, {"Cup": (1, 3)})
    assert trade.revisions.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"product": "nothing"}, "product"),
        ({"product": "nul\0"}, "product"),
        ({"minimum": "0"}, "minimum"),
        ({"multiple": "9999999"}, "multiple"),
        ({"multiple": "x"}, "multiple"),
    ],
)
def test_a_rule_is_refused_at_its_field(manager, cup, fields, field):
    answer = manager.post(FOR_ALL, {"product": "CUP", "minimum": "2", "multiple": "2"} | fields)

    assert answer.context["form"].errors.keys() == {field}
    assert rules() == {}


@pytest.mark.parametrize("removed", ["", "x", "99999999999999999999999"])
def test_a_rule_that_is_not_there_is_not_found(manager, cup, removed):
    assert manager.post(FOR_ALL, {"remove": removed}).status_code == 404


def test_rules_are_found_and_twice_as_many_ask_as_often(manager, cup):
    set_quantity_rule(cup, minimum=12, multiple=6, by=None)
    manager.get(FOR_ALL)
    with CaptureQueriesContext(connection) as few:
        manager.get(FOR_ALL)
    for number in range(4):
        set_quantity_rule(a_product(f"Plate {number}"), minimum=2, multiple=2, by=None)
    with CaptureQueriesContext(connection) as many:
        assert "Plate 3" in manager.get(FOR_ALL).content.decode()

    assert len(many) == len(few)
    found = manager.get(f"{FOR_ALL}?q=cup").content.decode()
    assert "CUP" in found
    assert "Plate" not in found


def test_an_analyst_sets_no_rule(browser_of, cup):
    analyst = browser_of("analyst")

    assert analyst.get(FOR_ALL).status_code == 200
    assert analyst.post(FOR_ALL, {"product": "CUP", "minimum": "2", "multiple": "2"}).status_code == 403


def asked(browser, **fields: object) -> str:
    fields = {"quantity": 1, "company": "", "moment": ""} | fields
    return browser.get(WHY, fields).content.decode()


def test_a_price_is_explained_for_a_company_and_for_anybody(manager, world, cup):
    company = a_company(code="K-9")
    set_prices(a_list("everybody"), cup, "1:9")
    contract = a_list("harbour", company=company, level=Level.CONTRACT)
    set_prices(contract, cup, "10:7")

    theirs = asked(manager, product="CUP", company="K-9", store=world.here.pk, quantity=12)
    assert "Cup: £7.00 each" in theirs
    assert "list harbour, revision 1" in theirs
    assert "another price, but comes after" in theirs
    few = asked(manager, product="CUP", company="K-9", store=world.here.pk, quantity=9)
    assert "Cup: £9.00 each" in few
    assert "nothing of so many pieces" in few
    assert "Cup: £9.00 each" in asked(manager, product="CUP", store=world.here.pk, quantity=12)


def test_a_price_of_another_moment_is_explained_too(manager, world, cup):
    trade, january = a_list("trade"), timezone.now() + timedelta(days=40)
    publish_changes(trade, [SetTier(Target(product_id=cup.pk), Decimal(8))], by=None, takes_effect_at=january)

    assert "Cup: £10.00 each" in asked(manager, product="CUP", store=world.here.pk)
    later = (january + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    assert "Cup: £8.00 each" in asked(manager, product="CUP", store=world.here.pk, moment=later)


def test_a_price_in_another_currency_is_explained_where_the_store_sells_in_it(manager, world, cup):
    set_prices(a_list("euro", currency="EUR"), cup, "1:12")

    asking = {"product": "CUP", "store": world.here.pk, "currency": "eur"}
    assert "This store sells in GBP." in asked(manager, **asking)
    world.here.further_currencies = ["EUR"]
    world.here.save()
    assert "Cup: €12.00 each" in asked(manager, **asking)


def test_what_has_no_price_is_said(manager, world, cup):
    a_product("Free", price=None, upc="FREE")
    a_parent("Shirt", variants={"S": "1"}, upc="SHIRT")

    assert "Nothing says a price" in asked(manager, product="FREE", store=world.here.pk)
    assert "It comes in variants" in asked(manager, product="SHIRT", store=world.here.pk)


@pytest.mark.parametrize(
    "query",
    ["product=", "product=CUP", "product=CUP&store=x&quantity=0", "product=%00&company=%00&quantity=99999999999"],
)
def test_questions_that_say_too_little_are_asked_again(manager, cup, query):
    answer = manager.get(f"{WHY}?{query}")

    assert (answer.status_code, answer.context["answer"]) == (200, None)


# The stranger


def test_another_merchant_is_neither_ruled_nor_asked(manager, world, cup, lumen):
    with merchant_scope(lumen.pk):
        lamp = a_product("Lamp", upc="LAMP")
        rule = set_quantity_rule(lamp, minimum=2, multiple=2, by=None)
        theirs = a_list("theirs")
        hidden = a_company("Hidden", code="H-1")

    assert manager.post(FOR_ALL, {"remove": rule.pk}).status_code == 404
    assert manager.get(f"/dashboard/prices/{theirs.pk}/quantities/").status_code == 404
    assert (
        "product" in manager.post(FOR_ALL, {"product": "LAMP", "minimum": "2", "multiple": "2"}).context["form"].errors
    )
    assert "Lamp" not in asked(manager, product="LAMP", store=world.here.pk)
    assert "Hidden" not in asked(manager, product="CUP", company=hidden.code, store=world.here.pk)
    with merchant_scope(lumen.pk):
        assert rules() == {"Lamp": (2, 2)}
