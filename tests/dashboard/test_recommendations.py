"""What staff see of recommendations, and switch."""

import pytest

from shop.audit.models import AuditEntry
from shop.catalogue.models import Product
from shop.recommendations.actions import recompute
from shop.recommendations.models import RecommendationSettings
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.recommendations.conftest import bought

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def cup(world) -> Product:
    """Often bought with a saucer in one of the stores."""
    cup, saucer = a_product("Cup", world.here), a_product("Saucer", world.here)
    for _time in range(2):
        bought(world.here, [cup, saucer])
    recompute(world.here)
    return cup


def test_a_product_is_found_and_shows_what_stands_beside_it(browser_of, cup):
    owner = browser_of("owner")

    found = owner.get("/dashboard/recommendations/", {"q": "cup"}).content.decode()
    shown = owner.get(f"/dashboard/recommendations/products/{cup.pk}/").content.decode()

    assert f"/dashboard/recommendations/products/{cup.pk}/" in found
    assert "Saucer" in shown


def test_a_store_is_switched_and_that_stands_in_the_trail(browser_of, world):
    browser_of("catalogue").post(f"/dashboard/recommendations/stores/{world.here.pk}/", {"reminds": "on"})

    kept = RecommendationSettings.objects.get()
    assert (kept.store, kept.shows_bought, kept.shows_similar, kept.reminds) == (world.here, False, False, True)
    entry = AuditEntry.objects.get(action="recommendations.changed")
    assert sorted(entry.details["changed"]) == ["reminds", "shows_bought", "shows_similar"]


def test_a_member_of_one_store_neither_sees_nor_switches_the_other(browser_of, world, cup):
    member = browser_of("catalogue", stores=(world.there,))

    listed = member.get("/dashboard/recommendations/").content.decode()
    shown = member.get(f"/dashboard/recommendations/products/{cup.pk}/").content.decode()
    refused = member.post(f"/dashboard/recommendations/stores/{world.here.pk}/", {"reminds": "on"})

    assert f"stores/{world.here.pk}/" not in listed
    assert "Saucer" not in shown
    assert refused.status_code == 404
    assert not RecommendationSettings.objects.filter(reminds=True).exists()


def test_the_stranger_s_staff_find_nothing_of_it(browser_of, cup, lumen):
    with merchant_scope(lumen.pk):
        assert not Product.objects.filter(pk=cup.pk).exists()
        assert not RecommendationSettings.objects.exists()
