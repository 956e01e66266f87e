"""From which locations pieces are taken."""

import pytest

from shop.inventory.rules import AllocationRule, Place, Shelf, nearness, take

LEEDS, LONDON, BERLIN = Place("GB", "LS1 1AA"), Place("GB", "N1 1AA"), Place("DE", "10115")
SHELVES = [Shelf(1, 5, priority=2, place=LEEDS), Shelf(2, 9, priority=1, place=BERLIN), Shelf(3, 3, place=LONDON)]
TO_LONDON = Place("GB", "n19gu")


@pytest.mark.parametrize(
    ("rule", "pieces", "taken"),
    [
        (AllocationRule.PRIORITY, 2, [(3, 2)]),
        (AllocationRule.PRIORITY, 4, [(2, 4)]),  # the first in the order that has all of them
        (AllocationRule.PRIORITY, 15, [(3, 3), (2, 9), (1, 3)]),
        (AllocationRule.FULLEST, 2, [(2, 2)]),
        (AllocationRule.FULLEST, 12, [(2, 9), (1, 3)]),
        (AllocationRule.NEAREST, 3, [(3, 3)]),
        (AllocationRule.NEAREST, 4, [(1, 4)]),
        (AllocationRule.NEAREST, 10, [(3, 3), (1, 5), (2, 2)]),
        (AllocationRule.PRIORITY, 20, [(3, 3), (2, 9), (1, 5)]),
        (AllocationRule.PRIORITY, 0, []),
    ],
)
def test_pieces_are_taken_by_the_rule(rule, pieces, taken):
    assert [part for part in take(pieces, SHELVES, rule, destination=TO_LONDON) if part[1]] == taken


def test_nothing_is_taken_from_where_nothing_is_free():
    shelves = [Shelf(1, 0), Shelf(2, -4), Shelf(3, 1)]

    assert take(2, shelves, AllocationRule.PRIORITY, destination=Place()) == [(3, 1)]


def test_locations_alike_are_taken_in_the_order_in_which_they_were_made():
    assert take(1, [Shelf(2, 1), Shelf(1, 1)], AllocationRule.FULLEST, destination=Place()) == [(1, 1)]


@pytest.mark.parametrize(
    ("place", "common"), [(BERLIN, 0), (LEEDS, 1), (LONDON, 3), (Place("GB", "N1 9GU"), 6), (Place(), 0)]
)
def test_the_longer_two_postcodes_begin_alike_the_nearer(place, common):
    assert nearness(place, TO_LONDON) == common
