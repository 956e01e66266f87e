"""Writing prices: lists, their revisions, and the rules of quantities. All of it or nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.catalogue.models import Category, Product

from . import bulk, locks
from .changes import Change, SetTier, Target, key_of, problems_of, target_of
from .errors import ChangedMeanwhile, ChangesRefused, TermsRefused, UnknownPriceList
from .models import PriceList, PriceTier, QuantityRule, Revision, Source

BATCH = 5_000
LARGEST_PACK = 1_000_000
TIER_FIELDS = ("product_id", "category_id", "min_quantity", "kind", "value", "floor", "valid_from", "valid_until")


@transaction.atomic
def create_price_list(*, by: User | None, **fields: Any) -> PriceList:
    """A new list without prices, not published unless `is_published`. Raises `TermsRefused`."""
    price_list = PriceList(**fields)
    _check_terms(price_list)
    price_list.save()
    record("pricing.list_created", by=by, target=price_list, store=price_list.store)
    return price_list


@transaction.atomic
def change_terms(price_list: PriceList, *, by: User | None, seen: int | None = None, **fields: Any) -> PriceList:
    """Change what a list is apart from its prices; that is a revision too, unless all is as it was.

    Its currency, and whether its prices include tax, stay: they say what the prices mean that it has. Raises
    `UnknownPriceList`, `TermsRefused`, and `ChangedMeanwhile` where `seen` is not the number of its last revision.
    """
    price_list = _held(price_list, seen=seen)
    fields = {name: value for name, value in fields.items() if value != getattr(price_list, name)}
    if not fields:
        return price_list
    fixed = [name for name in ("currency", "includes_tax", "base") if name in fields]
    if fixed and price_list.tiers.exists():
        reason = _("This would change what the prices of the list mean: copy the list instead.")
        raise TermsRefused(reason, field=fixed[0])
    before = {name: str(getattr(price_list, name)) for name in fields}
    for name, value in fields.items():
        setattr(price_list, name, value)
    _check_terms(price_list)
    _revise(price_list, by=by, source=Source.EDIT, takes_effect_at=timezone.now())
    price_list.save()
    after = {name: str(value) for name, value in fields.items()}
    record("pricing.list_changed", by=by, target=price_list, store=price_list.store, before=before, after=after)
    return price_list


@transaction.atomic
def copy_price_list(price_list: PriceList, *, name: str, code: str, by: User | None) -> PriceList:
    """The same list under another name, with the prices that count now, not published. Raises `TermsRefused`."""
    price_list = _held(price_list)
    rules = list(price_list.quantity_rules.all())
    copied = PriceList.objects.get(pk=price_list.pk)
    copied.pk, copied.name, copied.code, copied.is_published, copied.last_revision = None, name, code, False, 0
    copied._state.adding = True
    _check_terms(copied)
    copied.save()
    revision = _revise(copied, by=by, source=Source.COPY, takes_effect_at=timezone.now(), note=price_list.name)
    bulk.add(revision, bulk.COUNTING_IN, {"other": price_list.pk})
    QuantityRule.objects.bulk_create(
        [
            QuantityRule(price_list=copied, product_id=rule.product_id, minimum=rule.minimum, multiple=rule.multiple)
            for rule in rules
        ],
        batch_size=BATCH,
    )
    record("pricing.list_copied", by=by, target=copied, store=copied.store, copied_from=price_list.code)
    return copied


@transaction.atomic
def publish_changes(
    price_list: PriceList,
    changes: Sequence[Change],
    *,
    by: User | None,
    takes_effect_at: datetime | None = None,
    source: Source = Source.EDIT,
    note: str = "",
    seen: int | None = None,
) -> Revision:
    """Set and drop prices of a list, now or from a later moment on: one revision.

    Raises `UnknownPriceList`, `ChangesRefused` with all that is wrong, and `ChangedMeanwhile` where `seen` is not the
    number of the list's last revision. Of two who publish at once the second is judged by what the first has left.
    """
    price_list = _held(price_list, seen=seen)
    now = timezone.now()
    takes_effect_at = max(takes_effect_at or now, now)
    replaced = check_changes(price_list, changes, takes_effect_at=takes_effect_at)
    revision = _revise(price_list, by=by, source=source, takes_effect_at=takes_effect_at, note=note)
    retired = _retire(revision, [row.pk for row in replaced])
    added = _add(revision, [_tier(change) for change in changes if isinstance(change, SetTier)])
    record(
        "pricing.published",
        by=by,
        target=price_list,
        store=price_list.store,
        revision=revision.number,
        takes_effect_at=takes_effect_at.isoformat(),
        added=added,
        retired=retired,
    )
    return revision


def check_changes(price_list: PriceList, changes: Sequence[Change], *, takes_effect_at: datetime) -> list[PriceTier]:
    """The tiers that these changes would replace or take out. Writes nothing. Raises `ChangesRefused`."""
    targets = {change.target for change in changes}
    existing = _tiers_of(targets, price_list, takes_effect_at)
    if problems := problems_of(changes, existing, _known(targets), takes_effect_at=takes_effect_at):
        raise ChangesRefused(problems)
    named = {key_of(change) for change in changes}
    return [row for row in existing if key_of(row) in named]


@transaction.atomic
def publish_prepared(
    price_list: PriceList, prepared: bulk.Prepared, *, by: User | None, takes_effect_at: datetime | None, note: str = ""
) -> Revision:
    """Publish changes that were judged already, however many: one revision, as `publish_changes` makes it.

    Raises `UnknownPriceList`, and `ChangedMeanwhile` where the list is not the one that they were judged by.
    """
    price_list = _held(price_list, seen=prepared.judged_at)
    now = timezone.now()
    takes_effect_at = max(takes_effect_at or now, now)
    revision = _revise(price_list, by=by, source=Source.IMPORT, takes_effect_at=takes_effect_at, note=note)
    retired = bulk.retire(revision, prepared.retired, prepared.parameters)
    added = bulk.add(revision, prepared.added, prepared.parameters)
    record(
        "pricing.published",
        by=by,
        target=price_list,
        store=price_list.store,
        revision=revision.number,
        takes_effect_at=takes_effect_at.isoformat(),
        added=added,
        retired=retired,
    )
    return revision


@transaction.atomic
def undo_revision(revision: Revision, *, by: User | None) -> Revision:
    """Take out what a revision added, and put back what it retired: a revision of its own.

    What a revision that is yet to come would have retired goes on as if it had never been. Raises `TermsRefused` where
    there are no such prices, or a later revision has changed them.
    """
    price_list = _held(revision.price_list)
    added, retired = PriceTier.objects.filter(added_in=revision), PriceTier.objects.filter(retired_in=revision)
    if not added.exists() and not retired.exists():
        raise TermsRefused(_("This revision changed no prices."))
    if retired.filter(counts_until__lte=F("counts_from")).exists():
        raise TermsRefused(_("This took back prices that have never counted: publish them anew instead."))
    if bulk.was_changed_since(revision):
        raise TermsRefused(_("A later revision has changed some of these prices: undo that one first."))
    now = timezone.now()
    takes_effect_at = max(revision.takes_effect_at, now)
    undone = _revise(price_list, by=by, source=Source.UNDO, takes_effect_at=takes_effect_at, note=str(revision.number))
    added.update(retired_in=undone, counts_until=takes_effect_at)
    if revision.takes_effect_at > now:
        retired.update(retired_in=None, counts_until=None)
    else:
        bulk.add(undone, bulk.RETIRED_IN, {"other": revision.pk})
    record("pricing.undone", by=by, target=price_list, store=price_list.store, revision=revision.number)
    return undone


@transaction.atomic
def set_quantity_rule(
    product: Product, *, minimum: int, multiple: int, by: User | None, price_list: PriceList | None = None
) -> QuantityRule | None:
    """Sell a product from so many pieces on, in packs of so many: to everybody, or to whom a list is for.

    One and one take the rule away: returns None. Raises `UnknownPriceList`, `TermsRefused`.
    """
    if not (1 <= minimum <= LARGEST_PACK and 1 <= multiple <= LARGEST_PACK):
        raise TermsRefused(_("Quantities must be whole numbers from 1 to %(most)d.") % {"most": LARGEST_PACK})
    price_list = _held(price_list) if price_list else None
    if price_list:
        _revise(price_list, by=by, source=Source.EDIT, takes_effect_at=timezone.now())
    rules = QuantityRule.objects.filter(product=product, price_list=price_list)
    rule = None
    if minimum == multiple == 1:
        rules.delete()
    else:
        rule, _is_new = rules.update_or_create(
            product=product, price_list=price_list, defaults={"minimum": minimum, "multiple": multiple}
        )
    record("pricing.quantities_set", by=by, target=product, minimum=minimum, multiple=multiple)
    return rule


def _held(price_list: PriceList, *, seen: int | None = None) -> PriceList:
    """The list as it is now, locked. Raises `UnknownPriceList`, `ChangedMeanwhile`."""
    try:
        held = locks.price_lists().get(pk=price_list.pk)
    except PriceList.DoesNotExist as error:
        raise UnknownPriceList from error
    if seen is not None and seen != held.last_revision:
        raise ChangedMeanwhile
    return held


def _check_terms(price_list: PriceList) -> None:
    """Raises `TermsRefused`."""
    if price_list.currency not in list_currencies():
        reason = _("There is no currency “%(code)s”.") % {"code": price_list.currency}
        raise TermsRefused(reason, field="currency")
    base = price_list.base
    if base and (base.base_id or base.pk == price_list.pk or (price_list.pk and price_list.leaning.exists())):
        raise TermsRefused(_("A base list cannot lean on another one."), field="base")
    if base and base.currency != price_list.currency:
        raise TermsRefused(_("A base list must have the same currency."), field="base")
    if base and base.company_id not in (None, price_list.company_id):
        raise TermsRefused(_("A list of one company is no base for others: receipts would tell them."), field="base")
    if price_list.pk and price_list.company_id and price_list.leaning.exclude(company=price_list.company_id).exists():
        raise TermsRefused(_("Lists for others lean on this one: it can't be one company's."), field="level")
    try:
        price_list.full_clean()
    except ValidationError as error:
        raise TermsRefused(" ".join(error.messages), field=min(error.message_dict)) from error


def _revise(
    price_list: PriceList, *, by: User | None, source: Source, takes_effect_at: datetime, note: str = ""
) -> Revision:
    """The next revision of a list that is held."""
    price_list.last_revision += 1
    price_list.save(update_fields=["last_revision"])
    return Revision.objects.create(
        price_list=price_list,
        number=price_list.last_revision,
        by=by,
        source=source,
        takes_effect_at=takes_effect_at,
        note=note[:200],
    )


def _tiers_of(targets: set[Target], price_list: PriceList, moment: datetime) -> list[PriceTier]:
    """The list's tiers of these that are current, or are retired only after a moment."""
    of_targets = Q(product_id__in=_products(targets)) | Q(category_id__in=_categories(targets))
    return list(price_list.tiers.filter(of_targets).current_or_ending_after(moment))


def _known(targets: set[Target]) -> set[Target]:
    """Those that the merchant has."""
    products = Product.objects.filter(pk__in=_products(targets)).values_list("pk", flat=True)
    categories = Category.objects.filter(pk__in=_categories(targets)).values_list("pk", flat=True)
    return {Target(product_id=pk) for pk in products} | {Target(category_id=pk) for pk in categories}


def _products(targets: Iterable[Target]) -> list[int]:
    return [target.product_id for target in targets if target.product_id and not target.category_id]


def _categories(targets: Iterable[Target]) -> list[int]:
    return [target.category_id for target in targets if target.category_id and not target.product_id]


def _tier(row: SetTier | PriceTier) -> PriceTier:
    """A tier like this one, of no list yet."""
    target = target_of(row)
    values = {"product_id": target.product_id, "category_id": target.category_id}
    return PriceTier(**{name: values[name] if name in values else getattr(row, name) for name in TIER_FIELDS})


def _add(revision: Revision, tiers: Sequence[PriceTier]) -> int:
    for tier in tiers:
        tier.price_list_id, tier.added_in, tier.version = revision.price_list_id, revision, revision.number
        tier.counts_from = revision.takes_effect_at
    return len(PriceTier.objects.bulk_create(tiers, batch_size=BATCH))


def _retire(revision: Revision, ids: Sequence[int]) -> int:
    rows = PriceTier.objects.filter(pk__in=ids)
    return rows.update(retired_in=revision, counts_until=revision.takes_effect_at)
