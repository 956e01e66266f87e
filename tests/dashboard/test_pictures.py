"""Pictures come in by the dashboard's forms, or are refused there with words and leave nothing behind."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from oscar.core.loading import get_model

from shop.catalogue.models import Category, ProductAttribute, ProductAttributeValue, ProductClass, ProductImage
from shop.stores.scope import merchant_scope
from tests.dashboard.test_products import filled_form
from tests.pictures.files import PAGE, SVG, bomb, drawn, sent, written

pytestmark = pytest.mark.django_db

Product = get_model("catalogue", "Product")

HOSTILE = {
    "lamp.svg": SVG,
    "page.jpg": PAGE,
    "bomb.png": bomb(10_000, 10_000),
    "cut.jpg": written("JPEG", drawn((600, 400)))[:-500],
    "lamp.jpg": written("PNG"),
}


@pytest.fixture(autouse=True)
def own_folder(aurora, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with merchant_scope(aurora.pk):
        yield tmp_path


def uploaded(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def files_in(folder) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_a_products_picture_is_kept_without_what_hangs_behind_it(browser_of, world, own_folder):
    browser = browser_of("catalogue")
    path = f"/dashboard/catalogue/products/{world.oil.pk}/"
    form = filled_form(browser, path) | {"productcategory_set-0-category": Category.add_root(name="Goods").pk}

    response = browser.post(path, form | {"images-0-original": uploaded("Lamp.png", written() + PAGE)})

    assert response.status_code == 302, response.context["image_formset"].errors
    image = ProductImage.objects.get()
    assert image.original.name.rpartition("/")[2].startswith("lamp-")
    assert PAGE not in image.original.read()
    image.original.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_of_a_product_is_refused_and_nothing_stored(name, browser_of, world, own_folder):
    browser = browser_of("catalogue")
    path = f"/dashboard/catalogue/products/{world.oil.pk}/"
    form = filled_form(browser, path) | {"productcategory_set-0-category": Category.add_root(name="Goods").pk}

    response = browser.post(path, form | {"images-0-original": uploaded(name, HOSTILE[name])})

    assert response.status_code == 200
    assert response.context["image_formset"].errors[0].keys() == {"original"}
    assert not ProductImage.objects.exists()
    assert files_in(own_folder) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_of_a_category_is_refused_and_nothing_stored(name, browser_of, own_folder):
    browser = browser_of("catalogue")
    form = filled_form(browser, "/dashboard/catalogue/categories/create/") | {
        "name": "Goods",
        "treebeard_position": "first-child",
    }

    response = browser.post("/dashboard/catalogue/categories/create/", form | {"image": uploaded(name, HOSTILE[name])})

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"image"}
    assert not Category.objects.exists()
    assert files_in(own_folder) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_that_is_a_products_attribute_is_refused(name, browser_of, world, own_folder):
    ProductAttribute.objects.create(
        product_class=world.oil.product_class, name="Label", code="label", type="image", required=False
    )
    browser = browser_of("catalogue")
    path = f"/dashboard/catalogue/products/{world.oil.pk}/"
    form = filled_form(browser, path) | {"productcategory_set-0-category": Category.add_root(name="Goods").pk}

    response = browser.post(path, form | {"attr_label": uploaded(name, HOSTILE[name])})

    assert response.context["form"].errors.keys() == {"attr_label"}
    assert not ProductAttributeValue.objects.exists()
    assert files_in(own_folder) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_below_the_forms_nobody_writes_a_hostile_picture_either(name, world, own_folder):
    """An import, a command or a package's code would get here."""
    with pytest.raises(ValidationError), transaction.atomic():
        ProductImage.objects.create(product=world.oil, original=sent(name, HOSTILE[name]))
    with pytest.raises(ValidationError), transaction.atomic():
        Category.add_root(name="Goods", image=sent(name, HOSTILE[name]))

    assert not ProductImage.objects.exists()
    assert not Category.objects.exists()
    assert files_in(own_folder) == []


# The stranger


def test_nobody_puts_a_picture_on_another_merchants_product(browser_of, world, lumen, own_folder):
    with merchant_scope(lumen.pk):
        theirs = Product.objects.create(title="Theirs", product_class=ProductClass.objects.create(name="Thing"))
    browser = browser_of("catalogue")
    form = filled_form(browser, f"/dashboard/catalogue/products/{world.oil.pk}/")

    response = browser.post(
        f"/dashboard/catalogue/products/{theirs.pk}/", form | {"images-0-original": uploaded("lamp.png", written())}
    )

    assert response.status_code == 404
    with merchant_scope(lumen.pk):
        assert not ProductImage.objects.exists()
    assert files_in(own_folder) == []
