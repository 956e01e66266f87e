"""Making and changing requisition lists. What becomes of a list that a company shares is written into the trail."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.catalogue.models import Product
from shop.companies.models import Company
from shop.quickorder.entries import MOST_ENTRIES
from shop.stores.models import Store

from . import locks
from .errors import TooMany
from .models import RequisitionLine, RequisitionList

MOST_LISTS = 200
"""Of one person in one store."""
MOST_LINES = MOST_ENTRIES
"""As many as a review takes at once."""
MOST_PIECES = 999_999
"""Of one product."""


@transaction.atomic
def make_list(name: str, *, store: Store, maker: User, company: Company | None = None) -> RequisitionList:
    """A new list, of its maker alone or shared in a company. Raises `TooMany`."""
    if RequisitionList.objects.for_store(store).filter(maker=maker).count() >= MOST_LISTS:
        raise TooMany(_("You have %(most)d lists: please delete one first.") % {"most": MOST_LISTS})
    made = RequisitionList.objects.create(name=name, store=store, maker=maker, company=company)
    _note("made", made, by=maker)
    return made


@transaction.atomic
def change_list(requisition_list: RequisitionList, *, name: str, company: Company | None, by: User) -> None:
    """Give it another name, share it in a company or, with None, no more."""
    held = locks.lists().get(pk=requisition_list.pk)
    if (held.name, held.company) == (name, company):
        return
    _note("changed", held, by=by, name=name, is_shared=company is not None)
    held.name, held.company = name, company
    held.save(update_fields=["name", "company"])
    if held.company != requisition_list.company:
        _note("shared", held, by=by)


@transaction.atomic
def delete_list(requisition_list: RequisitionList, *, by: User) -> None:
    _note("deleted", requisition_list, by=by)
    requisition_list.delete()


@transaction.atomic
def put_on_list(requisition_list: RequisitionList, goods: Iterable[tuple[Product, int]]) -> None:
    """Put products on it, with how many of each; of one that is on it already there are so many more.

    In as many queries for many as for one, if their stock records and parents are loaded. Raises `TooMany`.
    """
    locks.lists().get(pk=requisition_list.pk)
    lines = list(requisition_list.lines.in_order())
    by_product = {line.product_id: line for line in lines if line.product_id}
    last = max((line.position for line in lines), default=0)
    for product, quantity in goods:
        line = by_product.get(product.pk)
        if line is None:
            last += 1
            line = by_product[product.pk] = _new_line(requisition_list, product, position=last)
        line.quantity = min(line.quantity + quantity, MOST_PIECES)
    new = [line for line in by_product.values() if line.pk is None]
    if len(lines) + len(new) > MOST_LINES:
        raise TooMany(_("A list holds at most %(most)d products.") % {"most": MOST_LINES})
    RequisitionLine.objects.bulk_update([line for line in by_product.values() if line.pk], ["quantity"])
    RequisitionLine.objects.bulk_create(new)


@transaction.atomic
def set_quantities(requisition_list: RequisitionList, quantities: Mapping[int, int]) -> None:
    """How many of each line are ordered from now on, by the lines' ids; those of other lists are passed over."""
    locks.lists().get(pk=requisition_list.pk)
    changed = [line for line in requisition_list.lines.all() if quantities.get(line.pk, line.quantity) != line.quantity]
    for line in changed:
        line.quantity = quantities[line.pk]
    RequisitionLine.objects.bulk_update(changed, ["quantity"])


@transaction.atomic
def move_line(requisition_list: RequisitionList, line_id: int, *, places: int) -> None:
    """Move a line so many places down, or up where that is negative; no further than to an end."""
    locks.lists().get(pk=requisition_list.pk)
    lines = list(requisition_list.lines.in_order())
    place = next((place for place, line in enumerate(lines) if line.pk == line_id), None)
    if place is None:
        return
    lines.insert(max(place + places, 0), lines.pop(place))
    for position, line in enumerate(lines, start=1):
        line.position = position
    RequisitionLine.objects.bulk_update(lines, ["position"])


@transaction.atomic
def take_off_list(requisition_list: RequisitionList, line_id: int) -> None:
    locks.lists().get(pk=requisition_list.pk)
    requisition_list.lines.filter(pk=line_id).delete()


def _new_line(requisition_list: RequisitionList, product: Product, *, position: int) -> RequisitionLine:
    """Without a piece yet; with what it is remembered by when the product is gone."""
    numbers = sorted((record.pk, record.partner_sku) for record in product.stockrecords.all())
    sku = numbers[0][1] if numbers else ""
    return RequisitionLine(
        requisition_list=requisition_list,
        product=product,
        sku=sku,
        title=product.get_title()[:255],
        quantity=0,
        position=position,
    )


def _note(what: str, requisition_list: RequisitionList, *, by: User, **details: Any) -> None:
    if requisition_list.company_id:
        company = str(requisition_list.company)
        store = requisition_list.store
        record(f"requisition_list.{what}", by=by, target=requisition_list, store=store, company=company, **details)
