"""A file does to a list what `publish_changes` does with the same changes; where that refuses, so does the file."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from shop.catalogue.models import Product
from shop.pricefiles.models import PriceFile
from shop.pricefiles.refusals import sentence
from shop.pricefiles.states import Mode
from shop.pricing.actions import copy_price_list, publish_changes
from shop.pricing.changes import Change, DropTier, SetTier, Target, key_of
from shop.pricing.errors import ChangesRefused
from shop.pricing.levels import TierKind
from shop.pricing.models import PriceList
from tests.goods import a_product

from .files import publish, send, sku

pytestmark = [pytest.mark.django_db, pytest.mark.data]

ROUNDS = 60
DAYS = (*(None,) * 12, 0, 10, 20)
START = datetime(2027, 1, 1, tzinfo=UTC)


def some_changes(products: list[Product], dice: random.Random) -> list[Change]:
    """Mostly ladders that fall, sometimes one that rises, with windows now and then."""
    changes: list[Change] = []
    for product in products:
        price = dice.randint(4, 9)
        kind = dice.choice([TierKind.FIXED, TierKind.FIXED, TierKind.PERCENT])
        for least in (1, 5, 10, 50):
            if dice.random() < 0.4:
                continue
            start, end = dice.choice(DAYS), dice.choice(DAYS)
            valid_from = None if start is None else START + timedelta(days=start)
            valid_until = None if end is None or end <= (start or -1) else START + timedelta(days=end)
            step = dice.choice([-1, 0, 1]) if dice.random() < 0.1 else -dice.randint(0, 1)
            price = max(0, price + step if kind == TierKind.FIXED else price - step)
            floor = dice.choice([None, None, Decimal(1)])
            if dice.random() < 0.05:
                changes.append(DropTier(Target(product_id=product.pk), least, valid_from))
            else:
                set_tier = SetTier(
                    Target(product_id=product.pk), Decimal(price), least, kind, floor, valid_from, valid_until
                )
                changes.append(set_tier)
    dice.shuffle(changes)
    return changes


def lines_of(changes: list[Change], skus: dict[int, str]) -> Iterator[str]:
    yield "sku,from_quantity,kind,value,floor,valid_from,valid_until"
    for change in changes:
        name, start = skus[change.target.product_id], change.valid_from and change.valid_from.isoformat()
        cells: list[object] = [name, change.min_quantity]
        if isinstance(change, SetTier):
            end = change.valid_until and change.valid_until.isoformat()
            cells += [change.kind.value, change.value, change.floor, start, end]
        else:
            cells += ["", "-", "", start, ""]
        yield ",".join("" if cell is None else str(cell) for cell in cells)


def state_of(price_list: PriceList) -> set[tuple]:
    """All that it has and ever had, but for ids and moments; of a retired tier that it is."""
    rows = price_list.tiers.values_list(
        *("product", "min_quantity", "kind", "value", "floor", "valid_from", "valid_until", "version"),
        *("added_in__number", "retired_in__number"),
    )
    return set(rows)


def changing(changes: list[Change], price_list: PriceList) -> list[tuple[int, Change]]:
    """Those that are not as the list has it, with their lines."""
    held = {key_of(tier): tier for tier in price_list.tiers.current()}

    def changes_something(change: Change) -> bool:
        tier = held.get(key_of(change))
        if tier is None or isinstance(change, DropTier):
            return True
        said = (change.kind, change.value, change.floor, change.valid_until)
        return said != (tier.kind, tier.value, tier.floor, tier.valid_until)

    return [(line, change) for line, change in enumerate(changes, start=2) if changes_something(change)]


def refused_lines(sent: PriceFile) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for row in sent.differences_found.filter(outcome="refused"):
        if row.reason != "beside":
            words = {name: word for name, word in row.words.items() if name != "other"}
            found.setdefault(row.line, set()).add(sentence(row.reason, words))
    return found


def test_files_do_to_a_list_what_publishing_by_hand_does(trade):
    dice = random.Random(7)
    products = [a_product(f"Thing {n}") for n in range(6)]
    skus = {product.pk: sku(product) for product in products}
    by_hand = copy_price_list(trade, name="By hand", code="by-hand", by=None)
    by_file = copy_price_list(trade, name="By file", code="by-file", by=None)
    published = refused = 0

    for _ in range(ROUNDS):
        changes = some_changes(dice.sample(products, dice.randint(1, 3)), dice)
        lines, wanted = list(lines_of(changes, skus)), changing(changes, by_hand)
        sent = send(by_file, *lines)
        try:
            if wanted:
                publish_changes(by_hand, [change for _, change in wanted], by=None)
        except ChangesRefused as refusal:
            said = {wanted[problem.index][0]: problem.reason for problem in refusal.problems}
            by_line = refused_lines(sent)
            assert all(reason in by_line.get(line, ()) for line, reason in said.items()), (lines, said, by_line)
            refused += 1
        else:
            assert refused_lines(sent) == {}, lines
            assert sent.differences == len(wanted)
            if wanted:
                publish(sent)
                published += 1
        assert state_of(by_file) == state_of(by_hand)

    assert min(published, refused) > 10, "both were seen"


def test_a_file_that_replaces_leaves_its_prices_and_no_others(trade):
    dice = random.Random(8)
    products = [a_product(f"Thing {n}") for n in range(6)]
    skus = {product.pk: sku(product) for product in products}
    replaced = 0

    for _ in range(ROUNDS):
        changes = [c for c in some_changes(dice.sample(products, 3), dice) if isinstance(c, SetTier)]
        sent = send(trade, *lines_of(changes, skus), mode=Mode.REPLACE)
        if sent.refused or not sent.differences:
            continue
        publish(sent)
        replaced += 1
        assert {key_of(tier) for tier in trade.tiers.current()} == {key_of(change) for change in changes}
        assert sorted(trade.tiers.current().values_list("value", flat=True)) == sorted(c.value for c in changes)

    assert replaced > 10
