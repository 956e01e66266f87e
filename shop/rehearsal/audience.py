"""Whose orders a price list can have a say in, and which lists were a buyer's at the moment of an order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.pricing.context import ListTerms, terms_of
from shop.pricing.levels import Level
from shop.pricing.models import PriceList

from .models import Rehearsal

Target = tuple[str, int | None]


def orders_of(rehearsal: Rehearsal) -> QuerySet[Order]:
    """The orders of its days and store by those whom the list is for, or a list that leans on it, in any currency."""
    draft = rehearsal.price_list
    lists = [draft, *PriceList.objects.filter(base=draft, is_published=True)]
    orders = Order.objects.exclude(status=OrderStatus.CANCELLED).filter(
        date_placed__gt=rehearsal.since, date_placed__lte=rehearsal.until
    )
    if rehearsal.store_id:
        orders = orders.filter(store=rehearsal.store_id)
    return orders if any(row.level == Level.BASE for row in lists) else orders.filter(_for_any(lists))


def _for_any(lists: Iterable[PriceList]) -> Q:
    meant = Q(pk__in=[])
    for row in lists:
        match row.level:
            case Level.STORE:
                meant |= Q(store=row.store_id)
            case Level.GROUP:
                meant |= Q(company__group=row.group_id)
            case _:
                meant |= Q(company=row.company_id)
    return meant


class Precedence:
    """The published lists of a batch of orders, with the draft in its place; one query."""

    def __init__(self, orders: Iterable[Order], draft: PriceList) -> None:
        orders = list(orders)
        companies = [order.company for order in orders if order.company]
        meant = Q(level=Level.BASE) | Q(store__in={order.store_id for order in orders})
        meant |= Q(company__in={company.pk for company in companies})
        meant |= Q(group__in={company.group_id for company in companies if company.group_id})
        published = PriceList.objects.filter(meant, is_published=True, currency=draft.currency).exclude(pk=draft.pk)
        self.draft_id = draft.pk
        self._meant: dict[Target, list[PriceList]] = defaultdict(list)
        for row in [draft, *published.select_related("base")]:
            self._meant[_target(row)].append(row)
        self.terms = {row.pk: terms_of(row) for rows in self._meant.values() for row in rows}

    @property
    def list_ids(self) -> set[int]:
        """All that may say a price but the draft."""
        bases = {terms.base.id for terms in self.terms.values() if terms.base}
        return (self.terms.keys() | bases) - {self.draft_id}

    def lists_of(self, order: Order) -> tuple[ListTerms, ...]:
        """Those that were in force when the order was placed, and the draft as if it had been, the first first."""
        rows = [row for target in _targets(order) for row in self._meant.get(target, ()) if self._holds(row, order)]
        rows.sort(key=lambda row: (row.level, -row.priority, -row.pk))
        return tuple(self.terms[row.pk] for row in rows)

    def _holds(self, row: PriceList, order: Order) -> bool:
        """Within its window (see `PriceListQuerySet.in_force`)."""
        moment = order.date_placed
        starts, ends = not row.starts_at or row.starts_at <= moment, not row.ends_at or row.ends_at > moment
        return row.pk == self.draft_id or (starts and ends)


def _target(row: PriceList) -> Target:
    match row.level:
        case Level.BASE:
            return "everybody", None
        case Level.STORE:
            return "store", row.store_id
        case Level.GROUP:
            return "group", row.group_id
    return "company", row.company_id


def _targets(order: Order) -> Iterator[Target]:
    """What a list may be for, to be this buyer's."""
    yield "everybody", None
    yield "store", order.store_id
    if order.company:
        yield "company", order.company_id
        if order.company.group_id:
            yield "group", order.company.group_id
