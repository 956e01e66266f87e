"""Whatever priced a line: a copy of it in its place, and a draft that says nothing, change nothing."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from shop.pricing.receipts import Given, receipt_of
from shop.pricing.tiers import quote
from shop.rehearsal.replaying import outcome_of
from tests.pricing.test_receipts import amounts, purchases

DRAFT = 99


@given(purchases(), some.lists(some.builds(Given, some.none(), some.just("Sale"), amounts), max_size=2), some.data())
def test_a_copy_in_the_place_of_any_list_changes_nothing(purchase, offers, data):
    known, buyer, quantity, counted = purchase
    found = quote(known, counted, buyer)
    if found is None or not buyer.lists:
        return
    receipt = receipt_of(found, quantity, counted, buyer, offers=tuple(offers))
    place = data.draw(some.integers(0, len(buyer.lists) - 1))
    copied = buyer.lists[place]
    lists = (*buyer.lists[:place], replace(copied, id=DRAFT), *buyer.lists[place:])
    known = replace(known, ladders={**known.ladders, DRAFT: known.ladders[copied.id]})

    outcome = outcome_of(receipt, known, lists, draft_id=DRAFT, rules=())

    assert (outcome.line, outcome.refusal) == (receipt.line, None)
    assert outcome.quote.unit == receipt.quote.unit


@given(purchases())
def test_a_draft_that_says_nothing_of_it_changes_nothing(purchase):
    known, buyer, quantity, counted = purchase
    found = quote(known, counted, buyer)
    if found is None:
        return
    receipt = receipt_of(found, quantity, counted, buyer)
    empty = replace(buyer.lists[0], id=DRAFT) if buyer.lists else None

    outcome = outcome_of(
        receipt, replace(known, net=Decimal(1)), (empty, *buyer.lists) if empty else (), draft_id=DRAFT, rules=()
    )

    assert (outcome.line, outcome.quote) == (receipt.line, receipt.quote)
