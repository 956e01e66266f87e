"""The grid of a list's prices: a ladder for each product or category, and a form for each of its steps.

A form knows the tier that it was opened with, and so what was changed in it. What nobody touched is never written.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.pricing.changes import LARGEST_QUANTITY, Change, DropTier, SetTier, Target, key_of, target_of
from shop.pricing.errors import Problem
from shop.pricing.levels import TierKind
from shop.pricing.models import PriceList, PriceTier

from .goods import Named, Page, key_of_target, named, target_keyed, targets_called
from .names import AmountInput, MomentField
from .wording import moment, written

MOST_RUNGS = 100
"""Of a page: where ladders have many steps, it shows fewer of them."""
MOST_SENT = 300
"""Steps in one form: more are imported."""
NEW_LINES = 3
FIELD = re.compile(r"r(\d{1,6})-\w+")
ID = re.compile(r"\d{1,18}")
STEP = ("min_quantity", "kind", "value", "floor", "valid_from", "valid_until")


class RungForm(forms.Form):
    """One step of a ladder: a price that there is, or room for another one."""

    tier = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    target = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("SKU or category"), required=False, max_length=255)
    min_quantity = forms.IntegerField(
        label=gettext_lazy("From pieces"),
        required=False,
        min_value=1,
        max_value=LARGEST_QUANTITY,
        widget=AmountInput({"inputmode": "numeric", "size": 5}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, choices=TierKind.choices)
    value = forms.DecimalField(label=gettext_lazy("Price"), required=False, localize=True, widget=AmountInput)
    floor = forms.DecimalField(label=gettext_lazy("No lower than"), required=False, localize=True, widget=AmountInput)
    valid_from = MomentField(label=gettext_lazy("Valid from"), required=False)
    valid_until = MomentField(label=gettext_lazy("Valid until"), required=False)
    drop = forms.BooleanField(label=gettext_lazy("Take out"), required=False)

    def __init__(self, *args: Any, row: PriceTier | None = None, ladder: Target | None = None, **kwargs: Any) -> None:
        self.row = row
        """The tier that it was opened with."""
        self.ladder = target_of(row) if row else ladder
        """In which it stands; None for a line in which people name what they mean."""
        self.meanwhile = ""
        """The price that stands there now, where that is another."""
        initial: dict[str, Any] = {"kind": TierKind.FIXED}
        if self.ladder:
            initial["target"] = key_of_target(self.ladder)
        if row:
            initial |= {"tier": row.pk} | {name: getattr(row, name) for name in STEP}
        super().__init__(*args, initial=initial, **kwargs)
        self.meant = {self.ladder} if self.ladder else set()
        """What it prices, of which there should be one."""

    @property
    def details(self) -> list[forms.BoundField]:
        """What few prices have."""
        return [self[name] for name in ("floor", "valid_from", "valid_until")]

    @property
    def has_details(self) -> bool:
        return any(field.value() or field.errors for field in self.details)

    @property
    def is_scheduled(self) -> bool:
        return self.row is not None and self.row.counts_from > timezone.now()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("drop") and self.row:
            return said
        if not self.meant:
            self.add_error("name", _("Nothing is called so: give a SKU, or the name of a category."))
        elif len(self.meant) > 1:
            self.add_error("name", _("More than one thing is called so."))
        if said.get("value") is None and "value" not in self.errors:
            self.add_error("value", _("Give a price, or take this one out.") if self.row else _("Give a price."))
        if said.get("valid_from") and said.get("valid_until") and said["valid_until"] <= said["valid_from"]:
            self.add_error("valid_until", _("A price must not end before it starts."))
        return said

    def changes(self) -> Iterator[Change]:
        """What it takes to make the list as this form says; it is valid."""
        if self.row and self.cleaned_data["drop"]:
            yield DropTier(*key_of(self.row))
            return
        step = SetTier(next(iter(self.meant)), **self._said())
        if self.row and key_of(self.row) != key_of(step):
            yield DropTier(*key_of(self.row))
        yield step

    def refuse(self, reason: str) -> None:
        """Say at its cell why it can't be so."""
        field = "drop" if self.row and self.cleaned_data.get("drop") else "value"
        if reason not in self.errors.get(field, ()):
            self.add_error(field, reason)

    def _said(self) -> dict[str, Any]:
        """What was not changed is exactly as it was: a browser knows no microseconds."""
        said = {name: self.cleaned_data[name] for name in STEP}
        if self.row:
            said |= {name: getattr(self.row, name) for name in STEP if name not in self.changed_data}
        return said | {"min_quantity": said["min_quantity"] or 1, "kind": TierKind(said["kind"] or TierKind.FIXED)}


@dataclass(frozen=True)
class Group:
    """The ladder of one product or category."""

    named: Named
    rungs: list[RungForm]
    ending: list[str]
    """What a later revision takes out; it counts until then."""
    more: int = 0
    """Steps that are not shown."""


@dataclass(frozen=True)
class Grid:
    groups: list[Group]
    new: list[RungForm]
    """Lines for what the page does not show."""
    next: str
    """Behind which key the next page starts; empty for the last."""


def sent_rungs(price_list: PriceList, data: QueryDict) -> list[RungForm]:
    """Those that were changed. Raises `ValueError` for more than may be sent at once."""
    numbers = sorted({int(found[1]) for name in data if (found := FIELD.fullmatch(name))})
    if len(numbers) > MOST_SENT:
        raise ValueError(len(numbers))
    opened = {number: data.get(f"r{number}-tier", "") for number in numbers}
    tiers = price_list.tiers.in_bulk([int(pk) for pk in opened.values() if ID.fullmatch(pk)])
    sent = [
        RungForm(
            data,
            prefix=f"r{number}",
            row=tiers.get(int(pk)) if ID.fullmatch(pk) else None,
            ladder=target_keyed(data.get(f"r{number}-target", "")),
        )
        for number, pk in opened.items()
    ]
    changed = [form for form in sent if form.has_changed()]
    _find_what_is_meant([form for form in changed if not form.ladder])
    return changed


def grid_of(price_list: PriceList, page: Page, sent: Sequence[RungForm] = ()) -> Grid:
    """The ladders of a page as they are now, and of all that changes were sent for, with these in their places."""
    targets = dict.fromkeys([*page.targets, *(form.ladder for form in sent if form.ladder)])
    ladders = _ladders(price_list, targets)
    shown = _fitting(page.targets, ladders)
    following = page.next if len(shown) == len(page.targets) else key_of_target(shown[-1])
    currency, numbers = price_list.currency, _free_numbers(sent)
    called = named(targets, currency)
    groups = [
        _group(called[target], ladders[target], [form for form in sent if form.ladder == target], numbers, currency)
        for target in dict.fromkeys([*shown, *(form.ladder for form in sent if form.ladder)])
        if target in called
    ]
    new = [form for form in sent if not form.ladder]
    return Grid(groups, [*new, *(RungForm(prefix=f"r{next(numbers)}") for _ in range(NEW_LINES))], following)


def apply_refusals(moves: Sequence[tuple[RungForm, Change]], problems: Iterable[Problem]) -> None:
    """Say at the cell of each change why it is refused."""
    for problem in problems:
        moves[problem.index][0].refuse(problem.reason)


def _find_what_is_meant(forms: Sequence[RungForm]) -> None:
    texts = {form: str(form["name"].value() or "").strip() for form in forms}
    found = targets_called({text for text in texts.values() if text and "\0" not in text}) if forms else {}
    for form, text in texts.items():
        form.meant = found.get(text, set())


def _ladders(price_list: PriceList, targets: Iterable[Target]) -> dict[Target, list[PriceTier]]:
    products = [target.product_id for target in targets if target.product_id]
    categories = [target.category_id for target in targets if target.category_id]
    tiers = price_list.tiers.filter(Q(product__in=products) | Q(category__in=categories))
    ladders: dict[Target, list[PriceTier]] = defaultdict(list)
    for tier in tiers.current_or_ending_after(timezone.now()).order_by("min_quantity", "valid_from", "pk"):
        ladders[target_of(tier)].append(tier)
    return ladders


def _fitting(targets: Sequence[Target], ladders: dict[Target, list[PriceTier]]) -> list[Target]:
    """As many from the first on as a page bears."""
    rows = 0
    for place, target in enumerate(targets):
        rows += len(ladders[target]) + 1
        if place and rows > MOST_RUNGS:
            return list(targets[:place])
    return list(targets)


def _group(called: Named, tiers: list[PriceTier], sent: list[RungForm], numbers: Iterator[int], currency: str) -> Group:
    """What was sent stands in the place of the tier that it was opened with, or of the one that stands there now."""
    current = [tier for tier in tiers if not tier.retired_in_id]
    changed = {key_of(form.row): form for form in sent if form.row}
    rungs = []
    for tier in current[:MOST_RUNGS]:
        form = changed.pop(key_of(tier), None) or RungForm(prefix=f"r{next(numbers)}", row=tier)
        form.meanwhile = written(tier, currency) if form.row != tier else ""
        rungs.append(form)
    added = [*changed.values(), *(form for form in sent if not form.row)]
    blank = RungForm(prefix=f"r{next(numbers)}", ladder=called.target)
    ending = [_ending(tier, currency) for tier in tiers if tier.retired_in_id]
    return Group(called, [*rungs, *added, blank], ending, len(current[MOST_RUNGS:]))


def _ending(tier: PriceTier, currency: str) -> str:
    values = {"least": tier.min_quantity, "price": written(tier, currency), "moment": moment(tier.counts_until)}
    return _("from %(least)d: %(price)s, until %(moment)s") % values


def _free_numbers(sent: Sequence[RungForm]) -> Iterator[int]:
    return count(1 + max((int(str(form.prefix)[1:]) for form in sent), default=0))
