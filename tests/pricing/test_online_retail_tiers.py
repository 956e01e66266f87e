"""Finding tiers in an order book."""

from decimal import Decimal

from bench.online_retail_tiers import Sale, from_one_piece, ladder_of, repriced

D = Decimal
MANY = 10


def sold(*lines: tuple[int, str, int]) -> list[tuple[int, Decimal]]:
    """Quantity, price, and how often."""
    return [(quantity, D(price)) for quantity, price, times in lines for _ in range(times)]


def test_a_price_that_falls_with_the_quantity_becomes_tiers():
    lines = sold((1, "2.55", MANY), (6, "2.55", MANY), (32, "2.10", MANY), (64, "2.10", MANY))

    assert ladder_of(lines) == [(1, D("2.55")), (32, D("2.10"))]


def test_slips_make_no_tiers():
    assert ladder_of(sold((1, "2.55", MANY), (5, "1.00", 2), (6, "2.55", MANY))) == [(1, D("2.55"))]


def test_a_ladder_never_rises():
    ladder = ladder_of(sold((1, "2", MANY), (10, "3", MANY + 5), (20, "1", MANY)))

    assert [price for _, price in ladder] == sorted((price for _, price in ladder), reverse=True)


def test_fewer_pieces_than_anybody_bought_cost_what_the_fewest_did():
    assert from_one_piece([(6, D("2"))]) == [(1, D("2"))]


def test_lines_of_one_invoice_count_together_and_only_exact_prices_are_counted():
    ladders = {"A": [(1, D("2")), (10, D("1.5"))]}
    kept = [Sale("1", "A", 6, D("1.5"), True), Sale("1", "A", 4, D("1.5"), True), Sale("2", "A", 6, D("1.5"), True)]

    outcome = repriced(kept, ladders, {"A": D("2")})

    assert (outcome.lines, outcome.reproduced, outcome.without_tiers, outcome.pence_apart) == (3, 2, 0, 300)


def test_nothing_sold_has_no_ladder():
    assert ladder_of([]) == []
