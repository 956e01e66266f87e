"""Vouchers typed into the page of the basket."""

import pytest

from shop.accounts.throttle import VOUCHER
from shop.basket.models import Basket
from shop.stores.scope import merchant_scope
from tests.basket.shopping import a_shopper, put_in, said
from tests.goods import a_product
from tests.vouchers import a_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def shopper(aurora_store):
    shopper = a_shopper()
    put_in(shopper, a_product("Cup", aurora_store))
    return shopper


def type_in(shopper, code: str):
    return shopper.post("/basket/vouchers/add/", {"code": code})


def vouchers() -> list[str]:
    return list(Basket.objects.get().vouchers.values_list("code", flat=True))


def test_a_code_is_taken(shopper):
    a_voucher("SUMMER", percent=20)

    answer = type_in(shopper, "summer")

    assert said(answer)[-1] == "Voucher 'SUMMER' added to basket"
    assert vouchers() == ["SUMMER"]


def test_codes_that_give_nothing_make_wait_even_for_the_right_one(shopper):
    a_voucher("SUMMER", percent=20)
    for number in range(VOUCHER.free):
        type_in(shopper, f"GUESS{number}")

    assert said(type_in(shopper, "GUESS"))[-1].startswith("Too many attempts. Try again in ")
    assert said(type_in(shopper, "SUMMER"))[-1].startswith("Too many attempts.")
    assert vouchers() == []


def test_codes_that_are_taken_do_not_count(shopper):
    a_voucher("SUMMER", percent=20)

    for _ in range(VOUCHER.free + 2):
        Basket.objects.get().vouchers.clear()
        type_in(shopper, "SUMMER")

    assert vouchers() == ["SUMMER"]


def test_another_merchants_code_is_none(shopper, lumen):
    with merchant_scope(lumen.pk):
        a_voucher("LUMENS", percent=50)

    assert said(type_in(shopper, "LUMENS"))[-1] == "No voucher found with code 'LUMENS'"
    assert vouchers() == []
