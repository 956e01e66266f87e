"""What no keyboard has, where words are read: it is passed over, and comes back to nobody."""

import re

import pytest

from shop.search.forms import typed
from tests.goods import a_product

pytestmark = pytest.mark.django_db

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HOSTILE = ["%00", "%00messages%00", "%01", "%1b[31m", "%7f", "%c2%85", "%e2%80%ae", "%e2%81%a6", "%ed%a0%80"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("address", ["/search/?q=cup{}", "/search/?q=cup&price={}", "/search/?q=cup&{}=1", "/?q={}"])
def test_what_nobody_types_does_not_come_back(shopper, aurora_store, address, value):
    a_product("Cup", aurora_store)

    answer = shopper.get(address.format(value))

    assert answer.status_code == 200
    assert not CONTROLS.search(answer.content.decode())


def test_words_are_found_without_what_nobody_types(shopper, aurora_store):
    a_product("Cup", aurora_store)

    page = shopper.get("/search/?q=%00cup%e2%80%ae%01")
    proposed = shopper.get("/search/suggest/?q=%00cup").json()["suggestions"]

    assert page.context_data["query"] == "cup"
    assert [each.title for each in page.context_data["products"]] == ["Cup"]
    assert [each["title"] for each in proposed] == ["Cup"]


@pytest.mark.parametrize("text", ["Zoë’s cup", "کتاب‌ها", "👩‍🍳", "a\u00a0b", "\u200eabc"])
def test_what_keyboards_have_stays_as_it_is(text):
    assert typed(text) == text
