from datetime import UTC, datetime

import pytest

from shop.attribution.touches import DIRECT, Touch, touch_of
from shop.attribution.visits import UNKNOWN, Visit

MONDAY, TUESDAY = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)


def touch(query: dict[str, str] | None = None, *, referrer: str = "", path: str = "/") -> Touch:
    return touch_of(query or {}, referrer=referrer, path=path, own_hosts={"aurora.example"})


def test_a_campaign_is_what_its_link_says():
    query = {
        "utm_source": "letter",
        "utm_medium": "email",
        "utm_campaign": "Autumn",
        "utm_term": "oil",
        "colour": "red",
    }

    assert touch(query, path="/oils/") == Touch("letter", "email", "Autumn", "oil", landing="/oils/")


def test_a_click_that_a_network_marks_is_paid_for():
    assert touch({"gclid": "x"}) == Touch("google", "cpc", landing="/")
    assert touch({"gclid": "x", "utm_source": "partner"}) == Touch("partner", landing="/")


def test_an_affiliate_is_named_in_any_case():
    assert touch({"ref": "City-Clinic"}).affiliate == "city-clinic"


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://news.example/story?id=7", "news.example"),
        ("https://aurora.example/oils/", ""),
        ("", ""),
        ("nonsense", ""),
        ("http://[", ""),
    ],
)
def test_a_referrer_is_the_host_of_somebody_else(referrer, host):
    assert touch(referrer=referrer).referrer == host


def test_hostile_texts_are_cut_and_hold_nothing_unprintable():
    found = touch({"utm_source": "a\r\nSet-Cookie: b\0" + "x" * 5000})

    assert len(found.source) == 100
    assert found.source.startswith("aSet-Cookie: bxxx")


def test_what_says_nothing_is_direct():
    assert touch(path="/oils/").is_direct
    assert not touch({"ref": "x"}).is_direct


def test_the_first_touch_stays_and_the_last_that_says_something_counts():
    letter, clinic = Touch("letter"), Touch(affiliate="city-clinic")

    visit = UNKNOWN.touched(letter, MONDAY).touched(clinic, TUESDAY).touched(DIRECT, TUESDAY).touched(clinic, TUESDAY)

    assert visit == Visit(letter, clinic, MONDAY, TUESDAY)
