import pytest

from shop.pricing.quantities import LARGEST, QuantityTerms, nearest_allowed, quantity_refusal


@pytest.mark.parametrize(
    ("quantity", "minimum", "multiple", "allowed"),
    [
        (1, 1, 1, (1,)),
        (0, 1, 1, (1,)),
        (7, 1, 6, (6, 12)),
        (12, 1, 6, (12,)),
        (1, 10, 6, (12,)),
        (13, 10, 6, (12, 18)),
        (9, 10, 1, (10,)),
        (10, 10, 1, (10,)),
        (LARGEST, 1, 2, (LARGEST - 1,)),
    ],
)
def test_the_nearest_quantities_are_whole_packs_and_no_fewer_than_the_least(quantity, minimum, multiple, allowed):
    assert nearest_allowed(quantity, QuantityTerms(minimum, multiple)) == allowed


def test_every_quantity_that_is_named_is_allowed():
    for minimum in range(1, 15):
        for multiple in range(1, 8):
            terms = QuantityTerms(minimum, multiple)
            for quantity in range(1, 40):
                for nearest in nearest_allowed(quantity, terms):
                    assert nearest >= minimum
                    assert nearest % multiple == 0
                    assert quantity_refusal("Cup", nearest, terms) is None


def test_a_refusal_is_a_sentence_that_says_what_to_order():
    packs = QuantityTerms(minimum=10, multiple=6)

    assert quantity_refusal("Cup", 3, packs) == "“Cup” is sold from 12 pieces on: please order 12."
    assert quantity_refusal("Cup", 15, packs) == "“Cup” is sold in packs of 6: please order 12 or 18."
