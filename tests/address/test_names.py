import pytest
from django.utils import translation

from shop.address.actions import remember_address
from shop.address.countries import country_name, likeliest
from shop.address.forms import UserAddressForm
from shop.address.models import UserAddress
from shop.stores.current import serving
from shop.stores.scope import merchant_scope
from tests.trade import a_buyer, an_address, open_for_trade

pytestmark = pytest.mark.django_db


def test_an_address_ends_with_the_country_in_the_readers_language(in_aurora):
    address = an_address("DE", line4="Berlin")

    assert address.active_address_fields()[-1] == "Germany"
    with translation.override("de"):
        assert address.active_address_fields()[-1] == "Deutschland"


def test_an_address_is_written_as_its_country_writes_it(in_aurora):
    german, british = an_address("DE", line4="Berlin"), an_address("GB", line2="Flat 2", state="Essex")

    assert german.active_address_fields() == ["Ada Byron", "1 Canal Street", "10115 Berlin", "Germany"]
    assert british.active_address_fields() == [
        *("Ada Byron", "1 Canal Street", "Flat 2", "London", "Essex", "N1 9GU"),
        "United Kingdom",
    ]


@pytest.mark.parametrize(
    ("served", "language", "currency", "first"),
    [
        (["GB", "IE"], "en", "GBP", "GB"),
        (["GB", "IE"], "en", "EUR", "IE"),
        (["AT", "CH", "DE"], "de", "EUR", "DE"),
        (["AT", "CH", "DE"], "de", "CHF", "CH"),
        (["AT", "FR"], "de", "EUR", "AT"),
        (["NZ", "AU"], "en", "EUR", "AU"),
        ([], "en", "GBP", None),
    ],
)
def test_the_country_that_most_visitors_mean_comes_first(served, language, currency, first):
    assert likeliest(served, language=language, currency=currency) == first


def test_the_same_address_is_the_same_in_every_language(in_aurora):
    address = an_address("DE")

    with translation.override("de"):
        german = address.generate_hash()
    assert address.generate_hash() == german


def test_a_code_without_a_name_stands_for_itself():
    assert country_name("ZX") == "ZX"


def test_a_form_lists_the_countries_as_the_reader_looks_for_them(aurora_store):
    open_for_trade(aurora_store, countries=("DE",))
    with serving(aurora_store), translation.override("de"):
        form = UserAddressForm(a_buyer())
        names = [name for _, name in form.fields["country"].choices]

    assert names.index("Österreich") < names.index("Polen")
    assert names.index("Ägypten") < names.index("Belgien")
    assert form.initial["country"] == "DE"


@pytest.mark.parametrize(("postcode", "phone", "field"), [("1", "", "postcode"), ("10115", "123", "phone_number")])
def test_what_is_wrong_is_said_with_the_country_in_the_readers_language(aurora_store, postcode, phone, field):
    data = {"first_name": "Ada", "last_name": "Byron", "line1": "Kanalstraße 1", "line4": "Berlin", "country": "DE"}
    with serving(aurora_store), translation.override("de"):
        errors = UserAddressForm(a_buyer(), data | {"postcode": postcode, "phone_number": phone}).errors

    assert list(errors) == [field]
    assert "Deutschland" in errors[field][0]


def test_the_book_of_a_buyer_is_not_anothers_merchants(aurora_store, lumen):
    remember_address(a_buyer(), an_address())

    with merchant_scope(lumen.pk):
        assert not UserAddress.objects.exists()
