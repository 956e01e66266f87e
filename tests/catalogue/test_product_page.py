import re

import pytest
from django.test import Client

from shop.catalogue.models import Category, Product, ProductRecommendation
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product, attribute, stock
from tests.pricing.trade import a_list, set_prices
from tests.queries import counted_queries

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def shopper() -> Client:
    return Client(headers={"host": "aurora.example"})


def test_a_product_shows_its_price_with_the_tax_of_the_store(shopper, aurora_store):
    aurora_store.tax_rate = "0.2"
    aurora_store.save()
    cup = a_product("Cup", aurora_store, price="8.325", description="<p>To drink from.</p>")

    page = shopper.get(cup.get_absolute_url())

    assert page.status_code == 200
    text = page.content.decode()
    assert '<h1 class="product__title">Cup</h1>' in text
    assert "£9.99" in text
    assert "<p>To drink from.</p>" in text


def test_a_store_without_tax_shows_both_prices(shopper, aurora_store):
    aurora_store.tax_rate, aurora_store.tax_display = "0.2", "excl"
    aurora_store.save()

    text = shopper.get(a_product("Cup", aurora_store, price="10").get_absolute_url()).content.decode()

    assert text.index("£10.00") < text.index("£12.00")


def test_a_product_in_variants_says_from_which_price_and_offers_each(shopper, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "8", "Large": "12"})
    Product.objects.create(structure=Product.CHILD, parent=shirt, title="Hidden", is_public=False)

    text = shopper.get(shirt.get_absolute_url()).content.decode()

    assert "£8.00" in text
    assert "£12.00" in text
    assert "Small" in text
    assert "Large" in text
    assert "Hidden" not in text


def test_a_product_in_variants_says_why_each_costs_what_it_costs(shopper, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "8", "Large": "12"})

    text = shopper.get(shirt.get_absolute_url()).content.decode()

    assert text.count("Why this price?") == 1
    assert re.findall(r'<p class="why__of">(.*?)</p>', text) == ["Small", "Large"]
    assert text.index("1 × £8.00 = £8.00") < text.index("1 × £12.00 = £12.00")


def test_variants_that_cost_the_same_for_the_same_reasons_say_so_once(shopper, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "8", "Large": "12"})
    set_prices(a_list("everybody"), shirt, "1:7")

    text = shopper.get(shirt.get_absolute_url()).content.decode()

    assert text.count("1 × £7.00 = £7.00") == 1
    assert "why__of" not in text


def test_the_address_of_a_variant_leads_to_its_parent(shopper, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "8"})

    response = shopper.get(shirt.children.get().get_absolute_url())

    assert (response.status_code, response["location"]) == (301, shirt.get_absolute_url())


def test_an_old_slug_leads_to_the_new_one(shopper, aurora_store):
    cup = a_product("Cup", aurora_store)

    response = shopper.get(f"/catalogue/mug_{cup.pk}/")

    assert (response.status_code, response["location"]) == (301, cup.get_absolute_url())


def test_the_way_to_a_product_leads_through_its_deepest_category(shopper, aurora_store):
    kitchen = Category.add_root(name="Kitchen")
    crockery = kitchen.add_child(name="Crockery")
    cup = a_product("Cup", aurora_store)
    cup.categories.add(kitchen, crockery)

    text = shopper.get(cup.get_absolute_url()).content.decode()

    assert text.index(f'href="{kitchen.get_absolute_url()}"') < text.index(f'href="{crockery.get_absolute_url()}"')
    assert crockery.get_absolute_url() == f"/catalogue/category/kitchen/crockery_{crockery.pk}/"


def test_what_is_recommended_is_shown_where_it_is_sold(shopper, aurora_store):
    cup = a_product("Cup", aurora_store)
    for ranking, other in enumerate([a_product("Saucer", aurora_store), a_product("Spoon", aurora_store)]):
        ProductRecommendation.objects.create(primary=cup, recommendation=other, ranking=ranking)
    ProductRecommendation.objects.create(primary=cup, recommendation=a_product("Unlisted"), ranking=9)

    text = shopper.get(cup.get_absolute_url()).content.decode()

    assert text.index("Spoon") < text.index("Saucer")
    assert "Unlisted" not in text


def test_what_is_not_priced_in_the_stores_currency_cannot_be_bought(shopper, aurora_store):
    cup = a_product("Cup", aurora_store, price=None)
    stock(cup, "10", currency="EUR")

    text = shopper.get(cup.get_absolute_url()).content.decode()

    assert "Price on request" in text
    assert "Add to basket" not in text


def test_a_page_takes_as_many_queries_for_many_variants_as_for_few(shopper, aurora_store):
    few, many = (a_parent(f"Shirt {n}", aurora_store, variants={str(i): "8" for i in range(n)}) for n in (3, 6))
    for shirt, others in ((few, 2), (many, 4)):
        shirt.categories.add(Category.add_root(name="Clothes").add_child(name="Shirts"))
        for variant in shirt.children.all():
            attribute(variant, "size", f"size {variant.pk}")
        for n in range(others):
            other = a_product(f"Other {n}", aurora_store)
            ProductRecommendation.objects.create(primary=shirt, recommendation=other)

    counts = []
    for shirt in (few, many):
        shopper.get(shirt.get_absolute_url())
        with counted_queries() as queries:
            assert shopper.get(shirt.get_absolute_url()).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12, str(queries)


# The stranger


@pytest.mark.parametrize("pk", ["0", "1", "9" * 30])
def test_a_number_that_is_no_products_is_not_found(shopper, aurora_store, pk):
    assert shopper.get(f"/catalogue/cup_{pk}/").status_code == 404


def test_a_product_is_not_found_where_it_is_not_listed_or_not_public(shopper, aurora_store):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    elsewhere, hidden = a_product("Elsewhere", trade), a_product("Hidden", aurora_store, is_public=False)
    of_hidden = a_parent("Shirt", aurora_store, variants={"S": "10"}, is_public=False).children.get()

    assert shopper.get(elsewhere.get_absolute_url(), headers={"host": "trade.example"}).status_code == 200
    for product in (elsewhere, hidden, of_hidden):
        assert shopper.get(product.get_absolute_url()).status_code == 404


def test_another_merchants_product_is_not_found(shopper, aurora_store, lumen):
    with merchant_scope(lumen.pk):
        address = a_product("Lamp", Store.objects.get()).get_absolute_url()

    assert shopper.get(address, headers={"host": "lumen.example"}).status_code == 200
    assert shopper.get(address).status_code == 404


def test_a_description_is_shown_without_what_is_no_text(shopper, aurora_store):
    written = (
        '<p onclick="run()">Warm <em>cup</em></p><script src="/media/run.js"></script>'
        '<div hx-get="/dashboard/" data-hx-trigger="load">of clay</div><form action="/x"><input name="a"></form>'
        '<a href="javascript:run()">more</a><![CDATA[><img src=x onerror=run()>]]>'
    )
    cup = a_product("Cup", aurora_store, description=written)

    text = shopper.get(cup.get_absolute_url()).content.decode()

    assert "<p>Warm <em>cup</em></p><div>of clay</div>" in text
    for trace in ("run()", "run.js", 'hx-get="/dashboard/"', 'action="/x"', "javascript:"):
        assert trace not in text
