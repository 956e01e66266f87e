"""Changing what searches of a store show."""

from collections.abc import Sequence

from django.db import transaction

from shop.accounts.models import User
from shop.audit.actions import record

from .errors import TooMany
from .models import FirstProduct, LedSearch, SynonymGroup

MOST_RULES = 500
"""Of each kind in a store: each search looks through its synonyms."""


@transaction.atomic
def keep_synonyms(group: SynonymGroup, *, by: User | None) -> SynonymGroup:
    """Add or change synonyms. Raises `TooMany`."""
    _refuse_too_many(group)
    is_new = group.pk is None
    group.save()
    record(f"synonyms.{'added' if is_new else 'changed'}", by=by, target=group, store=group.store)
    return group


@transaction.atomic
def keep_led(led: LedSearch, product_ids: Sequence[int], *, by: User | None) -> LedSearch:
    """Add or change what a search leads to: an address, or these products in their order. Raises `TooMany`."""
    _refuse_too_many(led)
    is_new = led.pk is None
    led.save()
    led.firsts.all().delete()
    numbered = enumerate(dict.fromkeys(product_ids))
    FirstProduct.objects.bulk_create(FirstProduct(search=led, product_id=pk, position=n) for n, pk in numbered)
    deed = f"led_search.{'added' if is_new else 'changed'}"
    record(deed, by=by, target=led, store=led.store, leads_to=led.leads_to, products=list(product_ids))
    return led


@transaction.atomic
def remove(rule: SynonymGroup | LedSearch, *, by: User | None) -> None:
    kind = "synonyms" if isinstance(rule, SynonymGroup) else "led_search"
    record(f"{kind}.removed", by=by, target=rule, store=rule.store)
    rule.delete()


def _refuse_too_many(rule: SynonymGroup | LedSearch) -> None:
    others = type(rule).objects.filter(store=rule.store)
    if rule.pk is None and others.count() >= MOST_RULES:
        raise TooMany
