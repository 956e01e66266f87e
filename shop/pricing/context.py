"""The price context: all that a price depends on, as one value, and the one place where it is made."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from shop.companies.acting import company_of
from shop.currencies.choice import currency_of
from shop.stores.models import Store, TaxDisplay
from shop.stores.postgresql.prepared import prepared
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered
from shop.viewing.current import moment_of

from .levels import Level
from .models import PriceList

if TYPE_CHECKING:
    from shop.companies.models import Company


@dataclass(frozen=True)
class ListTerms:
    """A price list without its tiers."""

    id: int
    revision: int
    """The number of its last revision: with each, prices may be others."""
    code: str
    name: str
    level: Level
    includes_tax: bool
    mix_and_match: bool = False
    """Whether the quantities of all variants of a product count together."""
    allows_offers: bool = True
    minimum_order_value: Decimal | None = None
    base: "ListTerms | None" = None
    """What its percentages and amounts are taken off; None: the stock record's price. A base has no base."""


@dataclass(frozen=True)
class PriceContext:
    """What this buyer pays depends on this and on nothing else. Made by the functions below only."""

    merchant_id: int
    store_id: int
    currency: str
    """ISO 4217."""
    lists: tuple[ListTerms, ...]
    """The buyer's price lists, the one that comes first first."""
    tax_rate: Decimal
    """That this buyer pays, as a fraction: 0.2 is 20 %."""
    list_tax_rate: Decimal
    """That is in prices which include tax: the store's. It differs from the buyer's where that is exempt."""
    tax_display: TaxDisplay
    moment: datetime
    company_id: int | None = None
    """The company that is bought for."""
    hides_prices: bool = False
    """Whether this visitor is told no prices."""

    @cached_property
    def cache_key(self) -> str:
        """The same for all who pay the same: everything but the moment. It lasts until `queries.next_change`."""
        lists = "-".join(_key(terms) for terms in self.lists)
        rates = f"{self.tax_rate.normalize():f}~{self.list_tax_rate.normalize():f}"
        whose = f"{self.merchant_id}.{self.store_id}.{self.company_id or ''}.{self.currency}"
        return f"{whose}.{lists}.{rates}.{self.tax_display}.{'hidden' if self.hides_prices else 'shown'}"

    @property
    def shows_tax(self) -> bool:
        """Whether prices are shown, and added up, with the tax in them."""
        return self.tax_display == TaxDisplay.INCLUSIVE

    @property
    def is_exempt(self) -> bool:
        """Whether this buyer pays another tax than is in the lists."""
        return self.tax_rate != self.list_tax_rate

    @property
    def sells_with_tax(self) -> bool:
        """Whether the stock record's price, which is without tax, is sold as a price with tax."""
        return self.shows_tax and not self.is_exempt

    @property
    def all_lists(self) -> Iterator[ListTerms]:
        """The buyer's lists, and those that they lean on."""
        for terms in self.lists:
            yield terms
            if terms.base:
                yield terms.base

    @property
    def order_minimum(self) -> ListTerms | None:
        """The first list that says what an order must be worth at least."""
        return next((terms for terms in self.lists if terms.minimum_order_value), None)


def from_store(store: Store, *, moment: datetime | None = None, currency: str | None = None) -> PriceContext:
    """What anybody pays in this store, now or at another moment, in its own currency or another."""
    return _context(store, None, moment, currency)


def from_company(
    company: "Company", *, store: Store, moment: datetime | None = None, currency: str | None = None
) -> PriceContext:
    """What a company pays in a store, likewise."""
    return _context(store, company, moment, currency)


def from_request(request: HttpRequest) -> PriceContext:
    """What this visitor pays, for the company that they buy for or for themselves, in the currency that they chose; the
    same all through the request."""
    if not hasattr(request, "price_context"):
        store, company = request.store, company_of(request)  # type: ignore[attr-defined]
        context = _context(store, company, moment_of(request), currency_of(request))
        request.price_context = replace(context, hides_prices=tells_no_prices(request))  # type: ignore[attr-defined]
    return request.price_context  # type: ignore[attr-defined]


def tax_display_of(store: Store, company: "Company | None") -> TaxDisplay:
    """How prices are shown to whoever buys for a company, or for themselves."""
    return TaxDisplay((company and company.tax_display) or store.tax_display)


def tells_no_prices(request: HttpRequest) -> bool:
    """Whether the store tells this visitor no prices."""
    is_known = request.user.is_authenticated or company_of(request)
    return request.store.hides_prices and not is_known  # type: ignore[attr-defined]


def _context(store: Store, company: "Company | None", moment: datetime | None, currency: str | None) -> PriceContext:
    """In one query at most."""
    currency, asked = currency or store.currency, moment
    group, moment = (company.group_id if company else None), moment or timezone.now()
    buyer = (store.pk, company.pk if company else 0, group or 0, currency)
    terms = _terms_at(moment, *buyer) if asked else _terms_now(store.merchant_id, *buyer).terms
    is_exempt = company is not None and company.is_tax_exempt
    return PriceContext(
        merchant_id=store.merchant_id,
        store_id=store.pk,
        currency=currency,
        lists=terms,
        tax_rate=Decimal(0) if is_exempt else store.tax_rate,
        list_tax_rate=store.tax_rate,
        tax_display=tax_display_of(store, company),
        moment=moment,
        company_id=company.pk if company else None,
    )


@dataclass(frozen=True)
class _TermsNow:
    terms: tuple[ListTerms, ...]
    until: datetime | None
    """When a list begins or ends."""


@remembered(lambda merchant_id, *buyer: (pages_of(merchant_id),), until=lambda found: found.until)
def _terms_now(merchant_id: int, store: int, company: int, group: int, currency: str) -> _TermsNow:
    moment = timezone.now()
    terms = _terms_at(moment, store, company, group, currency)
    return _TermsNow(terms, PriceList.objects.next_change(moment) if is_remembering() else None)


def _terms_at(moment: datetime, store: int, company: int, group: int, currency: str) -> tuple[ListTerms, ...]:
    found = _lists(moment=moment, store=store, company=company, group=group, currency=currency)
    return tuple(terms_of(row) for row in found)


@prepared
def _lists(moment: datetime, store: int, company: int, group: int, currency: str) -> QuerySet[PriceList]:
    found = PriceList.objects.in_force(moment).meant_for(store, company, group)
    return found.in_currency(currency).by_precedence()


def terms_of(row: PriceList) -> ListTerms:
    """A price list as a value, with its base, which must have been loaded."""
    return ListTerms(
        id=row.pk,
        revision=row.last_revision,
        code=row.code,
        name=row.name,
        level=Level(row.level),
        includes_tax=row.includes_tax,
        mix_and_match=row.mix_and_match,
        allows_offers=row.allows_offers,
        minimum_order_value=row.minimum_order_value,
        base=terms_of(row.base) if row.base else None,
    )


def _key(terms: ListTerms) -> str:
    own = f"{terms.id}r{terms.revision}"
    return f"{own}on{_key(terms.base)}" if terms.base else own
