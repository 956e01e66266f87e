"""Products are made, changed and put into stores."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from oscar.core.loading import get_model

from shop.listings.actions import list_products
from shop.listings.models import Listing
from shop.stores.scope import merchant_scope

pytestmark = pytest.mark.django_db

Product, Category = get_model("catalogue", "Product"), get_model("catalogue", "Category")


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


def filled_form(browser, path: str) -> dict[str, str | list[str]]:
    """What the page's own form would send."""
    page = BeautifulSoup(browser.get(path).content, "html.parser")
    form = page.find("form", attrs={"enctype": "multipart/form-data"})
    sent: dict[str, str | list[str]] = {}
    for control in form.find_all(["input", "select", "textarea"]):
        name, kind = control.get("name"), control.get("type")
        if not name or kind in ("file", "submit"):
            continue
        if control.name == "select":
            sent[name] = [option["value"] for option in control.find_all("option", selected=True)]
        elif kind in ("checkbox", "radio"):
            if control.has_attr("checked"):
                sent.setdefault(name, []).append(control.get("value", "on"))
        else:
            sent[name] = control.get("value", "") if control.name == "input" else control.text
    return sent


def listed(product) -> set[str]:
    return set(Listing.objects.filter(product=product).values_list("store__name", flat=True))


def test_a_new_product_is_sold_where_its_maker_says(browser_of, world):
    category = Category.add_root(name="Goods")
    browser = browser_of("catalogue")
    path = "/dashboard/catalogue/products/create/thing/"

    form = filled_form(browser, path)
    assert sorted(form["stores"]) == sorted([str(world.here.pk), str(world.there.pk)])
    form |= {"title": "Balm", "upc": "BALM", "productcategory_set-0-category": category.pk}
    form |= {
        "stores": [world.here.pk],
        "stockrecords-0-partner": world.own.pk,
        "stockrecords-0-partner_sku": "BALM",
        "stockrecords-0-price": "12.50",
        "stockrecords-0-price_currency": "GBP",
        "stockrecords-0-num_in_stock": "7",
    }
    response = browser.post(path, form)

    assert response.status_code == 302
    balm = Product.objects.get(upc="BALM")
    assert listed(balm) == {"Aurora"}
    assert balm.stockrecords.get().price == Decimal("12.50")


def test_a_refused_new_product_leaves_nothing_behind(browser_of, world):
    browser = browser_of("catalogue")
    path = "/dashboard/catalogue/products/create/thing/"

    form = filled_form(browser, path) | {"title": "Balm", "stockrecords-0-partner_sku": "BALM"}
    response = browser.post(path, form)

    assert response.status_code == 200
    assert not Product.objects.filter(title="Balm").exists()
    assert Listing.objects.count() == 0


def test_a_member_of_one_store_puts_products_into_that_store_only(browser_of, world):
    list_products(world.here, [world.oil])
    browser = browser_of("catalogue", stores=(world.there,))
    path = f"/dashboard/catalogue/products/{world.oil.pk}/"

    form = filled_form(browser, path)
    assert "stores" not in form
    category = Category.add_root(name="Goods")
    form["productcategory_set-0-category"] = category.pk
    assert browser.post(path, form | {"stores": [world.here.pk]}).status_code == 200  # not one of the choices
    assert browser.post(path, form | {"stores": [world.there.pk]}).status_code == 302
    assert listed(world.oil) == {"Aurora", "Clinics"}
    assert browser.post(path, filled_form(browser, path) | {"stores": []}).status_code == 302
    assert listed(world.oil) == {"Aurora"}


def test_variants_follow_their_parent_into_stores(browser_of, world):
    browser = browser_of("catalogue")
    world.oil.stockrecords.all().delete()
    path = f"/dashboard/catalogue/products/{world.oil.pk}/create-variant/"

    assert "stores" not in filled_form(browser, path)


@pytest.mark.parametrize("path", ["catalogue/?sort=checkbox", "catalogue/categories/?sort=checkbox"])
def test_nothing_is_sorted_by_its_checkbox(browser_of, path):
    assert browser_of("catalogue").get(f"/dashboard/{path}").status_code == 200


@pytest.mark.parametrize(("price", "shown"), [("10", "10.00"), ("14.5800", "14.58"), ("0.3125", "0.3125")])
def test_a_price_is_shown_as_it_is_written_and_in_a_currency_of_the_stores(browser_of, world, price, shown):
    world.oil.stockrecords.update(price=Decimal(price))
    path = f"/dashboard/catalogue/products/{world.oil.pk}/"
    browser = browser_of("catalogue")

    form = filled_form(browser, path) | {"productcategory_set-0-category": Category.add_root(name="Goods").pk}
    assert (form["stockrecords-0-price"], form["stockrecords-0-price_currency"]) == (shown, ["GBP"])

    refused = browser.post(path, form | {"stockrecords-0-price_currency": "12.00"})
    assert "Select a valid choice. 12.00 is not one of the available choices." in refused.content.decode()
    assert browser.post(path, form | {"stockrecords-0-price": "12.00"}).status_code == 302
    assert world.oil.stockrecords.get().price == 12
