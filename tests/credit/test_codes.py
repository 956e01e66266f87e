from hypothesis import given
from hypothesis import strategies as st

from shop.credit.codes import LENGTH, digest_of, new_code, normalised
from shop.order.numbers import ALPHABET


@given(st.integers(0, LENGTH), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_seen(place, char):
    code = normalised(new_code())
    assert code is not None

    wrong = code[:place] + char + code[place + 1 :]

    assert normalised(wrong) == (code if wrong == code else None)


def test_a_code_is_typed_as_people_like():
    code = new_code()

    assert len(code) == 19
    assert normalised(f" {code.lower().replace('-', ' ')} ") == code.replace("-", "")


def test_what_is_no_code_is_none():
    assert [normalised(text) for text in ("", "AAAA-AAAA-AAAA-AAAA", "2345", "é" * 16, "2" * 1000)] == [None] * 5


def test_two_cards_have_two_codes_and_two_digests():
    codes = {normalised(new_code()) or "" for _ in range(100)}

    assert len({digest_of(code) for code in codes}) == 100
