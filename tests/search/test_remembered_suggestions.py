"""What is proposed for the same letters is remembered, until anything changes that it is made of."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from cms_pages.suggestions import _suggestions, suggestions_for
from shop.catalogue.models import Category, Product
from shop.companies.models import PartNumber
from shop.search.engines import answers_hold_until
from shop.search.forms import LONGEST_SEARCH
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.business import a_company
from tests.cast import cast_merchant
from tests.goods import a_product

pytestmark = [pytest.mark.data, pytest.mark.usefixtures("listener")]


@pytest.fixture(scope="module")
def goods(committed) -> list[Product]:
    """Of which the first is in a category."""
    with merchant_scope(committed):
        made = [a_product(f"Teapot {n}", Store.objects.get()) for n in range(2)]
        Category.add_root(name="Tea").product_set.add(made[0])
    return made


def proposed(merchant: int, typed: str, company_id: int | None = None) -> list[str]:
    """In a request of its own."""
    with merchant_scope(merchant):
        return [each.title for each in suggestions_for(typed, Store.objects.get(), company_id=company_id)]


def test_the_same_letters_are_looked_for_once(committed, goods):
    with merchant_scope(committed):
        store = Store.objects.get()
        first = suggestions_for("tea", store, company_id=None)

        with CaptureQueriesContext(connection) as asked:
            assert suggestions_for("tea", store, company_id=None) == first

    assert [each.title for each in first] == ["Teapot 0", "Teapot 1", "Tea"]
    assert not asked.captured_queries


def test_what_is_bought_most_leads_after_ten_minutes_at_most(committed, goods, monkeypatch):
    """Which moves no page."""
    assert proposed(committed, "teapo") == ["Teapot 0", "Teapot 1"]
    with merchant_scope(committed):
        bought = get_model("analytics", "ProductRecord").objects.create(product=goods[1], num_purchases=9)
    assert proposed(committed, "teapo") == ["Teapot 0", "Teapot 1"]

    monkeypatch.setattr(timezone, "now", lambda now=timezone.now: now() + timedelta(minutes=10))
    late = proposed(committed, "teapo")
    monkeypatch.undo()
    with merchant_scope(committed):
        bought.delete()
    _suggestions.known.clear()

    assert late == ["Teapot 1", "Teapot 0"]


@pytest.mark.parametrize(("url", "minutes"), [("", 10), ("http://127.0.0.1:9", 0.5)])
def test_what_an_engine_says_late_is_not_remembered_for_long(settings, url, minutes):
    """OpenSearch hears of a change when the pages have moved already."""
    settings.SEARCH_URL = url

    left = answers_hold_until() - timezone.now()

    assert timedelta(minutes=minutes - 0.4) < left <= timedelta(minutes=minutes)


def test_what_is_too_long_is_not_remembered(committed, goods):
    proposed(committed, "teapot")
    known = len(_suggestions.known)

    assert proposed(committed, "tea" + " " * LONGEST_SEARCH) == []
    assert len(_suggestions.known) == known > 0


def test_a_change_is_proposed_at_once(committed, goods):
    assert proposed(committed, "tea") == ["Teapot 0", "Teapot 1", "Tea"]

    with merchant_scope(committed):
        Product.objects.filter(pk=goods[1].pk).update(title="Kettle")
        assert "Teapot 1" not in [each.title for each in suggestions_for("tea", Store.objects.get(), company_id=None)]
    assert proposed(committed, "tea") == ["Teapot 0", "Tea"]

    with merchant_scope(committed):
        Category.objects.update(is_public=False)
    assert proposed(committed, "tea") == ["Teapot 0"]


def test_what_a_company_calls_a_product_is_proposed_to_it_alone(committed, goods):
    with merchant_scope(committed):
        company = a_company("C-9")
        PartNumber.objects.create(company=company, product=goods[0], number="zz9")

    assert proposed(committed, "zz9", company.pk) == ["Teapot 0"]
    assert proposed(committed, "zz9") == []


# The stranger


def test_another_merchant_is_proposed_its_own(committed, goods):
    lumen = cast_merchant("lumen").pk
    with merchant_scope(lumen):
        a_product("Teak lamp", Store.objects.get())

    for _ in range(2):
        assert "Teak lamp" not in proposed(committed, "tea")
        assert proposed(lumen, "tea") == ["Teak lamp"]
