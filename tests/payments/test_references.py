from hypothesis import given
from hypothesis import strategies as st

from shop.order.numbers import ALPHABET, new_number
from shop.payments.references import creditor_reference, number_of, numbers_in

PREFIXES = frozenset({"AURORA", "MY-SHOP"})


@given(st.sampled_from(sorted(PREFIXES)), st.integers(0, 3), st.booleans(), st.text(alphabet="abc 019-.", max_size=30))
def test_a_number_is_found_whatever_the_bank_did_to_it(prefix, cut, is_small, around):
    number = new_number(prefix)
    written = number.replace("-", " ") if cut == 0 else number.replace("-", "") if cut == 1 else number
    written = f"{written[:9]}\n{written[9:]}" if cut == 3 else written

    found = numbers_in(f"{around} {written.lower() if is_small else written} {around}", PREFIXES)

    assert number in found


@given(st.sampled_from(sorted(PREFIXES)))
def test_a_creditor_reference_gives_the_number_again_and_a_wrong_one_gives_none(prefix):
    number = new_number(prefix)
    reference = creditor_reference(number)
    wrong = reference[:-1] + next(char for char in ALPHABET if char != reference[-1])

    assert reference.startswith("RF")
    assert len(reference) <= 25
    assert number in number_of(reference, PREFIXES)
    assert number in number_of(" ".join(reference[i : i + 4] for i in range(0, len(reference), 4)).lower(), PREFIXES)
    assert number_of(wrong, PREFIXES) == set()


def test_the_standards_own_example_is_right():
    assert number_of("RF18 5390 0754 7034", PREFIXES) == {"539007547034"}


def test_what_is_no_number_is_only_a_word():
    assert numbers_in("thank you for AURORA7K3M9QXV3", PREFIXES) == {"THANK", "YOU", "FOR", "AURORA7K3M9QXV3"}
