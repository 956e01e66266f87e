import pytest

from shop.payments.errors import WrongIban
from shop.payments.iban import checked, grouped, sort_code_and_account


@pytest.mark.parametrize(
    "text",
    ["DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", "NO9386011117947"],
)
def test_an_iban_of_the_registrys_examples_is_right(text):
    assert checked(text) == text


def test_an_iban_may_be_typed_with_blanks_and_small_letters():
    assert checked(" de89 3704 0044 0532 0130 00\n") == "DE89370400440532013000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DE",
        "DE89370400440532013001",  # another account: the check digits are not its
        "DE89370400440532010300",  # two digits have changed places
        "DE8937040044053201300",  # one too few
        "XX89370400440532013000",
        "DE89 3704 0044 0532 0130 0०",  # a digit of another script
        "DE89370400440532013000\r\nBcc: someone",
    ],
)
def test_what_is_mistyped_is_refused(text):
    with pytest.raises(WrongIban):
        checked(text)


def test_an_iban_is_written_in_groups_of_four():
    assert grouped("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"


def test_a_british_iban_holds_what_british_banks_ask_for():
    assert sort_code_and_account("GB29NWBK60161331926819") == ("60-16-13", "31926819")
    assert sort_code_and_account("DE89370400440532013000") is None
