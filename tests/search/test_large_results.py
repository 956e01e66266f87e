"""Of more products than are counted all are found: counts say that there are more, and the order is that of all."""

from dataclasses import replace

import pytest
from django.http import Http404, QueryDict

from shop.catalogue.models import Category, Product
from shop.pricing.context import from_store
from shop.search.criteria import Criteria, Sort
from shop.search.facets import counted, facets
from shop.search.forms import BrowseForm
from shop.search.models import Entry
from shop.search.postgresql import find
from shop.search.views import CatalogueView
from shop.stores.models import Store, TaxDisplay
from shop.stores.scope import merchant_scope
from tests.goods import a_product, product_class
from tests.pricing.trade import a_list, set_prices

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def goods(aurora_store) -> list[Product]:
    """Twenty at prices that fall as they get newer; each fifth is of glass, and they are all at home."""
    home = Category.add_root(name="Home")
    made = [
        a_product(
            f"Goods {n:02}", aurora_store, price=f"{40 - n}", product_class=product_class("Other" if n % 5 else "Glass")
        )
        for n in range(20)
    ]
    home.product_set.set(made)
    return made


@pytest.fixture
def asked(aurora_store, goods) -> Criteria:
    buyer = from_store(aurora_store)
    return Criteria(aurora_store.pk, "en", buyer=buyer, store_currency=aurora_store.currency, limit=3, most_counted=6)


class Few(CatalogueView):
    """A store that counts up to six."""

    def criteria(self) -> Criteria:
        return replace(super().criteria(), most_counted=6)


def titles(criteria: Criteria) -> list[str]:
    by_id = dict(Product.objects.values_list("pk", "title"))
    return [by_id[pk] for pk in find(criteria).product_ids]


@pytest.mark.parametrize(("page", "shown"), [(1, 3), (2, 3), (3, None), (7, None), (8, None)])
def test_only_what_is_counted_has_pages(asked, shopper, settings, page, shown):
    settings.OSCAR_PRODUCTS_PER_PAGE = asked.limit
    request = shopper.get("/catalogue/").wsgi_request
    request.GET = QueryDict(f"page={page}")

    if shown is None:
        with pytest.raises(Http404):
            Few.as_view()(request)
    else:
        products = Few.as_view()(request).render().context_data["products"]
        assert len(products) == shown


@pytest.mark.parametrize("words", ["", "goods"])
@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.NEWEST, ["Goods 19", "Goods 18", "Goods 17"]),
        (Sort.POPULAR, ["Goods 07", "Goods 19", "Goods 18"]),
        (Sort.TITLE, ["Goods 00", "Goods 01", "Goods 02"]),
        (Sort.PRICE_ASCENDING, ["Goods 19", "Goods 18", "Goods 17"]),
        (Sort.PRICE_DESCENDING, ["Goods 00", "Goods 01", "Goods 02"]),
    ],
)
def test_the_first_page_is_the_first_of_all(asked, words, sort, expected):
    Entry.objects.filter(product__title="Goods 07").update(popularity=1)
    found = find(replace(asked, words=words, sort=sort))

    assert titles(replace(asked, words=words, sort=sort)) == expected
    assert (found.is_capped, found.total_counted) == (True, 6)


@pytest.mark.parametrize("tax_display", TaxDisplay)
@pytest.mark.parametrize(
    ("sort", "offset", "expected"),
    [
        (Sort.PRICE_ASCENDING, 0, [4, 19, 18]),
        (Sort.PRICE_ASCENDING, 15, [3, 2, 1]),
        (Sort.PRICE_DESCENDING, 0, [7, 0, 1]),
        (Sort.PRICE_DESCENDING, 17, [18, 19, 4]),
    ],
)
def test_prices_of_a_list_stand_among_the_others(aurora_store, goods, asked, tax_display, sort, offset, expected):
    sale = a_list("sale")
    set_prices(sale, goods[4], "1:0.5")
    set_prices(sale, goods[7], "1:500")
    buyer = replace(from_store(aurora_store), tax_display=tax_display)

    found = find(replace(asked, buyer=buyer, sort=sort, offset=offset))

    assert found.product_ids == [goods[number].pk for number in expected]


def test_what_filters_leave_is_counted_exactly_and_others_as_at_least(asked):
    glass = next(count.value for count in find(replace(asked, most_counted=100)).classes if count.name == "Glass")

    found = find(replace(asked, classes=(glass,)))

    assert (found.total, found.is_capped) == (4, False)
    assert [(count.number, count.is_least) for count in found.categories] == [(4, False)]
    assert all(count.is_least for count in found.classes)
    assert sum(count.number for count in found.classes) == 7
    assert (found.in_stock.number, found.in_stock.is_least) == (4, False)


def test_an_exact_code_is_among_them_wherever_it_stands(asked, goods):
    last = goods[-1]
    Product.objects.filter(pk=last.pk).update(code="goods")

    assert find(replace(asked, words="goods", sort=Sort.RELEVANCE)).product_ids[0] == last.pk


def test_counts_of_a_part_have_a_plus(asked):
    found = find(asked)

    drawn = facets(found, BrowseForm(QueryDict("")), currency="GBP")

    assert all(value["count_text"] == f"{value['count']}+" for value in drawn["type"]["results"])
    assert counted(10_000, is_least=True) == "10,000+"
    assert counted(9_999, is_least=False) == "9999"


# The stranger


def test_another_merchants_goods_are_not_among_what_is_counted(asked, lumen):
    with merchant_scope(lumen.pk):
        for n in range(9):
            a_product(f"Goods of Lumen {n}", Store.objects.get(), price="1")

    assert find(replace(asked, most_counted=100)).total == 20
    assert titles(replace(asked, sort=Sort.PRICE_ASCENDING))[0] == "Goods 19"
