"""Synonyms and led searches in the dashboard."""

import re

import pytest

from shop.audit.models import AuditEntry
from shop.listings.actions import list_products
from shop.merchandising import actions
from shop.merchandising.models import LedSearch, SynonymGroup
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

pytestmark = pytest.mark.django_db

SOFA = {"terms": "Sofa, sofa ", "meanings": "couch, Settee", "works_both_ways": "on"}


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def keeper(browser_of):
    return browser_of("catalogue")


def deeds() -> list[str]:
    entries = AuditEntry.objects.filter(target_type__startswith="merchandising").order_by("pk")
    return [entry.action for entry in entries]


def test_a_form_says_for_which_store_it_is(keeper, world):
    addresses = (f"/dashboard/search/{world.there.pk}/{kind}/create/" for kind in ("synonyms", "led"))

    titles = [re.search(r"<h1>\s*(.*?)\s*</h1>", keeper.get(address).content.decode())[1] for address in addresses]

    assert titles == ["Synonyms · Clinics", "Promoted results or redirect · Clinics"]


def test_synonyms_are_added_changed_and_removed_and_it_stands_in_the_trail(keeper, world):
    keeper.post(f"/dashboard/search/{world.here.pk}/synonyms/create/", SOFA)
    group = SynonymGroup.objects.get()
    assert (group.terms, group.meanings, group.works_both_ways, group.store) == (
        ["sofa"],
        ["couch", "settee"],
        True,
        world.here,
    )
    assert "couch, settee" in keeper.get("/dashboard/search/").content.decode()

    keeper.post(f"/dashboard/search/synonyms/{group.pk}/", SOFA | {"meanings": "divan"})
    group.refresh_from_db()
    assert group.meanings == ["divan"]

    keeper.post(f"/dashboard/search/synonyms/{group.pk}/remove/")
    assert not SynonymGroup.objects.exists()
    assert deeds() == ["synonyms.added", "synonyms.changed", "synonyms.removed"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"terms": "!!"}, "A word is needed."),
        ({"terms": ""}, "This field is required."),
        ({"terms": "one two three four five"}, "is too long"),
        ({"terms": "x" * 61}, "is too long"),
        ({"meanings": ", ".join(f"w{n}" for n in range(21))}, "No more than 20"),
    ],
)
def test_synonyms_that_make_no_sense_are_refused(keeper, world, fields, said):
    answer = keeper.post(f"/dashboard/search/{world.here.pk}/synonyms/create/", SOFA | fields)

    assert said in answer.content.decode()
    assert not SynonymGroup.objects.exists()
    assert deeds() == []


def test_a_search_leads_to_products_named_by_their_codes(keeper, world):
    first, second = world.oil, world.soap
    list_products(world.here, [first, second])
    codes = f" {second.stockrecords.get().partner_sku}\n{first.upc}\n\n"

    keeper.post(
        f"/dashboard/search/{world.here.pk}/led/create/", {"query": "Sofas!", "products": codes, "leads_to": ""}
    )

    led = LedSearch.objects.get()
    assert (led.query, [each.product for each in led.firsts.all()]) == ("sofas", [second, first])
    assert second.stockrecords.get().partner_sku in keeper.get(f"/dashboard/search/led/{led.pk}/").content.decode()
    keeper.post(f"/dashboard/search/led/{led.pk}/", {"query": "sofas", "products": "", "leads_to": "/catalogue/"})
    led.refresh_from_db()
    assert (led.leads_to, led.firsts.count()) == ("/catalogue/", 0)
    keeper.post(f"/dashboard/search/led/{led.pk}/remove/")
    assert deeds() == ["led_search.added", "led_search.changed", "led_search.removed"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"query": "?"}, "A word is needed."),
        ({"products": "NOWHERE-1", "leads_to": ""}, "Not sold in this store: NOWHERE-1."),
        ({"leads_to": ""}, "Either products or an address, please."),
        ({"leads_to": "//evil.example/"}, "An address of this store is needed"),
        ({"leads_to": "https://evil.example/"}, "An address of this store is needed"),
        ({"leads_to": "/\\evil.example/"}, "An address of this store is needed"),
        ({"leads_to": "/search/?q=sofas"}, "A search leads to no other search"),
        ({"leads_to": "/search?q=sofa"}, "A search leads to no other search"),
        ({"leads_to": "/./search/?q=sofa"}, "A search leads to no other search"),
        ({"leads_to": "/%73earch/?q=sofa"}, "A search leads to no other search"),
        ({"query": "taken"}, "This search leads somewhere already."),
    ],
)
def test_a_lead_that_makes_no_sense_is_refused(keeper, world, fields, said):
    actions.keep_led(LedSearch(store=world.here, query="taken", leads_to="/"), [], by=None)
    values = {"query": "sofa", "products": "", "leads_to": "/catalogue/"} | fields

    answer = keeper.post(f"/dashboard/search/{world.here.pk}/led/create/", values)

    assert said in answer.content.decode()
    assert LedSearch.objects.get().query == "taken"


def test_a_store_has_only_so_many(keeper, world):
    SynonymGroup.objects.bulk_create(SynonymGroup(store=world.here, terms=["a"], meanings=["b"]) for _ in range(500))

    answer = keeper.post(f"/dashboard/search/{world.here.pk}/synonyms/create/", SOFA)

    assert "as many as it can" in answer.content.decode()
    assert SynonymGroup.objects.count() == 500


# The stranger


def test_who_is_limited_to_another_store_or_of_another_merchant_changes_nothing(browser_of, world, lumen):
    group = actions.keep_synonyms(SynonymGroup(store=world.here, terms=["sofa"], meanings=["couch"]), by=None)
    limited = browser_of("catalogue", stores=(world.there,))
    with merchant_scope(lumen.pk):
        theirs = Store.objects.get()

    for store in (world.here, theirs):
        assert limited.post(f"/dashboard/search/{store.pk}/synonyms/create/", SOFA).status_code == 404
    assert limited.post(f"/dashboard/search/synonyms/{group.pk}/remove/").status_code == 404
    assert limited.get(f"/dashboard/search/synonyms/{group.pk}/").status_code == 404
    assert "couch" not in limited.get("/dashboard/search/").content.decode()
    assert SynonymGroup.objects.get() == group
