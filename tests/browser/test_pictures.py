"""Pictures as Chromium loads them: the smallest format, the width that is needed, and nothing moves."""

import pytest

from shop.catalogue.models import Product, ProductImage
from shop.pictures.actions import make_renditions
from tests.pictures.files import drawn, sent, written

pytestmark = pytest.mark.browser

SHIFTS = """
() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().map((entry) => entry.value)))
    .observe({type: "layout-shift", buffered: true})
  setTimeout(() => done([]), 500)
})
"""
SHOWN = """
(pictures) => Promise.all(pictures.map(async (img) => (await img.decode(), {
  file: img.currentSrc.replace(/.*-[0-9a-f]{12}(_\\w+)?/, ""), there: img.complete && img.naturalWidth > 0,
  size: [img.getAttribute("width"), img.getAttribute("height")], loading: img.loading, priority: img.fetchPriority,
})))
"""


@pytest.fixture
def tray(shop) -> str:
    """The path of a product's page, whose picture was drawn."""
    with shop.within("aurora"):
        product = Product.objects.get(title="Walnut tray")
        if not product.images.exists():
            content = written("JPEG", drawn((1600, 1600)))
            image = ProductImage.objects.create(product=product, original=sent("tray.jpg", content))
            make_renditions(ProductImage, image.pk)
        return product.get_absolute_url()


@pytest.mark.parametrize(("width", "file"), [(390, ".jpg.300.r1.avif"), (1280, ".jpg.300.r1.avif")])
def test_a_list_loads_what_its_cards_need_and_stands_still(width, file, tray, shop, browsing):
    with browsing(width=width) as (page, trouble):
        page.goto(f"{shop.origin('aurora')}/catalogue/", wait_until="networkidle")

        (shown,) = page.locator(".card img").evaluate_all(SHOWN)
        assert (shown["file"], shown["there"], shown["size"]) == (file, True, ["1600", "1600"])
        assert page.evaluate(SHIFTS) == []
        assert trouble == []


@pytest.mark.parametrize(("width", "file"), [(390, ".jpg.400.r1.avif"), (1280, ".jpg.640.r1.avif")])
def test_a_products_page_asks_for_its_picture_first_and_stands_still(width, file, tray, shop, browsing):
    with browsing(width=width) as (page, trouble):
        page.goto(f"{shop.origin('aurora')}{tray}", wait_until="networkidle")

        (shown,) = page.locator(".gallery__row img").evaluate_all(SHOWN)
        assert shown | {"size": None} == {
            "file": file,
            "there": True,
            "size": None,
            "loading": "auto",
            "priority": "high",
        }
        assert page.evaluate(SHIFTS) == []
        assert trouble == []
