"""Companies in groups, and the price lists of each company, each group, the store and everybody."""

import random
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from bench.loading import copy
from shop.accounts.models import User
from shop.companies.models import Company, CustomerGroup, Membership
from shop.pricing.levels import Level
from shop.pricing.models import PriceList, Revision
from shop.stores.models import Store

GROUPS = 20
QUANTITIES = (1, 10, 50, 100)
BUYERS = 40
"""One of each of the last companies."""


def fill_companies(store: Store, companies: int, tiers: int, *, products: int, dice: random.Random) -> None:
    """Of the merchant in scope, whose products have the ids from 1 on."""
    groups = CustomerGroup.objects.bulk_create(CustomerGroup(name=f"Group {n}", code=f"g{n}") for n in range(GROUPS))
    made = Company.objects.bulk_create(
        Company(name=f"Company {n}", code=f"C{n}", group=groups[n % GROUPS]) for n in range(companies)
    )
    buyers = User.objects.bulk_create(User(email=f"buyer{n}@example.com") for n in range(min(BUYERS, companies)))
    Membership.objects.bulk_create(
        Membership(company=made[-1 - n], user=buyer, last_used_at=timezone.now()) for n, buyer in enumerate(buyers)
    )
    revisions = [_published(price_list) for price_list in _lists(store, groups, made)]
    columns = "price_list_id product_id min_quantity kind value added_in_id version counts_from"
    rows = _tiers(revisions[:companies], revisions[companies:], tiers // len(QUANTITIES), products, dice)
    copy("pricing_pricetier", columns, rows)


def _lists(store: Store, groups: list[CustomerGroup], companies: list[Company]) -> list[PriceList]:
    """The contract of each company first, since those have most of the tiers."""
    fields: dict[str, Any] = {"currency": "GBP", "is_published": True, "last_revision": 1}
    made = [
        *(PriceList(code=f"c{c.pk}", level=Level.CONTRACT, company=c, mix_and_match=True, **fields) for c in companies),
        *(PriceList(code=f"g{g.pk}", level=Level.GROUP, group=g, **fields) for g in groups),
        PriceList(code="store", level=Level.STORE, store=store, **fields),
        PriceList(code="all", level=Level.BASE, **fields),
    ]
    for price_list in made:
        price_list.name = price_list.code
    return PriceList.objects.bulk_create(made)


def _published(price_list: PriceList) -> Revision:
    return Revision.objects.create(price_list=price_list, number=1, takes_effect_at=timezone.now())


def _tiers(
    contracts: list[Revision], shared: list[Revision], ladders: int, products: int, dice: random.Random
) -> Iterator[tuple[Any, ...]]:
    """Ladders of four: half of all in the contracts, spread evenly; the rest in the lists that many share."""
    for number, among in ((ladders // 2, contracts), (ladders - ladders // 2, shared)):
        each, more = divmod(number, len(among))
        for place, revision in enumerate(among):
            for product in dice.sample(range(1, products + 1), min(each + (place < more), products)):
                yield from _ladder(revision, product, dice.uniform(1, 500))


def _ladder(revision: Revision, product: int, price: float) -> Iterator[tuple[Any, ...]]:
    for step, least in enumerate(QUANTITIES):
        value = f"{price * (1 - step / 20):.4f}"
        yield revision.price_list_id, product, least, "fixed", value, revision.pk, 1, revision.takes_effect_at
