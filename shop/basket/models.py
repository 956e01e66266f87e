"""Oscar's basket, which here is one store's, and whose lines are priced by `shop.pricing`."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine
from oscar.apps.offer.results import OfferApplications
from oscar.apps.partner.availability import Unavailable

from shop.attribution.actions import current_source
from shop.catalogue.models import Product
from shop.pricing.explanations import Reason, explain
from shop.pricing.formats import money
from shop.pricing.pricing import LinePrice, UnitPrice, price_line, rounded
from shop.pricing.receipts import Given, Receipt
from shop.pricing.tiers import Counted
from shop.stores.current import current_store_id
from shop.stores.postgresql.writing import insert, update

from . import locks
from .counts import Counts
from .errors import AnotherStore, MixedCurrencies, NotForSale
from .managers import LineQuerySet
from .querysets import lines_with_goods, load_for_pages, with_vouchers


class Basket(AbstractBasket):
    """What a buyer has put together in one store."""

    is_held = False
    """Whether the running transaction locked its row before its lines were read."""
    _counts: Counts | None = None

    store = models.ForeignKey(
        "stores.Store", on_delete=models.CASCADE, related_name="baskets", default=current_store_id
    )

    class Meta(AbstractBasket.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["store", "owner", "status"],
                condition=models.Q(status__in=["Open", "Saved"]),
                name="one_open_and_one_saved_basket",
            )
        ]

    def all_lines(self) -> list["Line"]:
        """The lines with what prices depend on, loaded once."""
        if self.pk is None:
            return []
        if self._lines is None:
            self.keep_lines(lines_with_goods(self))
        return self._lines

    def keep_lines(self, lines: list["Line"]) -> None:
        """All that it has, with their goods."""
        products = [line.product for line in lines]
        product_ids = [product.pk for product in products]
        for line in lines:
            line.basket = self
            line.product.basket_product_ids = product_ids  # a range asks for them together
            line.product.loaded_with = products  # as do prices
        self._lines, self._counts = lines, None

    def counted(self, line: "Line") -> Counted:
        """How many pieces the price of a line depends on: of its product, and of all variants beside it."""
        self.all_lines()
        if self._counts is None:
            self._counts = Counts.of(self._lines or ())
        return self._counts.with_line(line)

    def forget_lines(self) -> None:
        """To be read anew, where others may have changed them."""
        self._lines = self._counts = None

    def reset_offer_applications(self) -> None:
        """Without discounts and prices again, which are to be reckoned anew; the lines that were read stay."""
        self.offer_applications = OfferApplications()
        for line in self._lines or ():
            line.clear_discount()
        self.forget_prices()

    def count_beside(self, lines: Iterable["Line"]) -> None:
        """Reckon prices as if these lines, which are not in it, were."""
        self._counts = Counts.of([*self.all_lines(), *lines])

    def forget_prices(self) -> None:
        """To be asked for anew, where quantities have changed: one line's price depends on those of others."""
        self._counts = None
        for line in self._lines or ():
            line.__dict__.pop("_info", None)

    def shown_lines(self) -> list["Line"]:
        """The same lines with what pages show of them."""
        lines = self.all_lines()
        load_for_pages(lines)
        return lines

    @property
    def currency(self) -> str | None:
        """Of what its lines cost now; None where none of them has a price."""
        return next((line.currency for line in self.all_lines() if line.currency), None)

    @property
    def num_lines(self) -> int:
        return len(self.all_lines())

    def product_quantity(self, product: Product) -> int:
        return sum(line.quantity for line in self.all_lines() if line.product_id == product.pk)

    def basket_quantity(self, line: "Line") -> int:
        """Of this line and others of the same stock record."""
        return sum(other.quantity for other in self.all_lines() if other.stockrecord_id == line.stockrecord_id)

    def _get_total(self, model_property: str) -> Decimal:
        """The sum over the lines that have a price."""
        amounts = (getattr(line, model_property) for line in self.all_lines())
        return sum((amount for amount in amounts if amount is not None), Decimal("0.00"))

    def is_quantity_allowed(self, qty: int, line: "Line | None" = None) -> tuple[bool, Any]:
        """Whether so many more may be in a line or, without one, in the basket.

        Packs are of whole lines: whoever changes a line asks for them himself.
        """
        if line is None or (stock := getattr(line.purchase_info.availability, "stock", None)) is None:
            return super().is_quantity_allowed(qty, line)
        is_allowed, reason = stock.is_purchase_permitted(self.basket_quantity(line) + qty)
        return super().is_quantity_allowed(qty) if is_allowed else (is_allowed, reason)

    def add_product(
        self, product: Product, quantity: int = 1, options: Iterable[dict[str, Any]] | None = None
    ) -> tuple["Line", bool]:
        """Put a product into the basket; returns its line, and whether that is new. Raises `NotForSale`,
        and `MixedCurrencies` where a strategy prices in several.

        `options` are pairs of Oscar's `option` and `value`. What two requests add at once is added twice. In the
        caller's transaction; a refusal has written nothing.
        """
        options = list(options or [])
        info = self.get_stock_info(product, options)
        if not info.price.exists or isinstance(info.availability, Unavailable):
            raise NotForSale(f"This store does not sell {product.get_title()}.")
        self.hold()
        lines = list(self.all_lines())
        if {line.currency for line in lines} - {None, info.price.currency}:
            raise MixedCurrencies(f"{product.get_title()} has a price in {info.price.currency}, the basket another.")
        reference = self._create_line_reference(product, info.stockrecord, options)
        line = next((line for line in lines if line.line_reference == reference), None)
        is_new = line is None
        line = line or Line(
            basket=self,
            line_reference=reference,
            product=product,
            stockrecord=info.stockrecord,
            quantity=0,
            source=current_source(),
        )
        line.product, line.stockrecord = product, info.stockrecord
        line.quantity = max(0, line.quantity + quantity)
        line.note_price()
        if is_new and self.can_be_edited:
            insert(line)
        else:
            line.save()
        for option in options if is_new else ():
            line.attributes.create(option=option["option"], value=option["value"])
        self._lines = [*lines, line] if is_new else lines
        self.reset_offer_applications()
        return line, is_new

    add_product.alters_data = True  # type: ignore[attr-defined]
    add = add_product

    def submit(self) -> None:
        """It has become an order."""
        self.status, self.date_submitted = self.SUBMITTED, timezone.now()
        update(self, "status", "date_submitted")

    submit.alters_data = True  # type: ignore[attr-defined]

    def hold(self) -> None:
        """Lock its row, which it is given if it has none yet; what another tab has put in meanwhile is there then.

        A basket that was ordered meanwhile, in another tab, is left alone: this one becomes a new one.
        """
        if self.is_held:
            return
        self.forget_lines()
        if self.pk and self.status in self.editable_statuses:
            held = locks.basket(pk=self.pk)
            if not held or held[0].status not in self.editable_statuses:
                self.pk, self._state.adding = None, True
        if self.pk is None and self.owner_id:
            row, _is_new = type(self).open.get_or_create(owner_id=self.owner_id)
            self.pk, self.date_created, self._state.adding = row.pk, row.date_created, False
            self.hold()
        elif self.pk is None:
            insert(self)
            self._lines = []
            with_vouchers(self, has_any=False)

    @transaction.atomic
    def merge_line(self, line: "Line", add_quantities: bool = True) -> None:
        """Take over a line of another basket of the same buyer."""
        self.hold()
        line.basket.forget_lines()
        super().merge_line(line, add_quantities)

    merge_line.alters_data = True  # type: ignore[attr-defined]

    @transaction.atomic
    def merge(self, basket: "Basket", add_quantities: bool = True) -> None:
        """Take over the lines of another basket of the same store. Raises `AnotherStore`."""
        if basket.store_id != self.store_id:
            raise AnotherStore("Baskets of two stores stay apart.")
        held = {row.pk: row.status for row in locks.baskets().filter(pk__in=[self.pk, basket.pk])}
        if held.get(basket.pk) in self.editable_statuses:
            super().merge(basket, add_quantities)

    merge.alters_data = True  # type: ignore[attr-defined]

    @transaction.atomic
    def thaw(self) -> None:
        """Open it again, with what its buyer has put into a new one meanwhile."""
        own = locks.baskets().filter(owner__isnull=False, owner=self.owner_id, store=self.store_id, status=self.OPEN)
        meanwhile = list(own.exclude(pk=self.pk))
        Basket.objects.filter(pk__in=[basket.pk for basket in meanwhile]).update(status=self.MERGED)
        super().thaw()
        for basket in meanwhile:
            super().merge(basket)

    thaw.alters_data = True  # type: ignore[attr-defined]


class Line(AbstractLine):
    """What a line costs is rounded once, for the line (docs/adr/0005)."""

    price_excl_tax = models.DecimalField(gettext_lazy("Price excl. Tax"), decimal_places=4, max_digits=14, null=True)
    price_incl_tax = models.DecimalField(gettext_lazy("Price incl. Tax"), decimal_places=4, max_digits=14, null=True)
    source = models.ForeignKey(
        "attribution.Source", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    noted_quantity = models.PositiveIntegerField(null=True, editable=False)
    noted_family_quantity = models.PositiveIntegerField(null=True, editable=False)

    objects = LineQuerySet.as_manager()
    has_options = True
    """Whether anything may have been chosen for it; a line that was loaded with its goods knows."""

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        self.basket.forget_lines()
        return super().delete(*args, **kwargs)

    @property
    def family_id(self) -> int:
        """The product whose variants count together with this one."""
        return self.product.parent_id or self.product_id

    def note_price(self) -> None:
        """Remember what one piece costs now, and of how many, so that the buyer can be told when that changes."""
        self.basket.forget_prices()
        self.__dict__.pop("_info", None)
        price, counted = self.purchase_info.price, self.basket.counted(self)
        self.noted_quantity, self.noted_family_quantity = counted.own, counted.family
        self.price_currency, self.price_excl_tax, self.tax_code = price.currency, price.excl_tax, price.tax_code
        self.price_incl_tax = price.incl_tax if price.is_tax_known else None

    @property
    def currency(self) -> str | None:
        """Of what it costs now; None where it costs nothing that could be said."""
        return self.purchase_info.price.currency

    @property
    def unit(self) -> UnitPrice | None:
        """What one piece costs, as a price list says it; None for a price of another strategy, and where is none.

        Those are reckoned as Oscar reckons them.
        """
        return getattr(self.purchase_info.price, "unit", None)

    @property
    def shows_tax(self) -> bool:
        """Of a line that has a `unit`: whether its buyer is shown, and given discounts on, prices with tax."""
        return self.purchase_info.price.context.shows_tax

    @property
    def allows_offers(self) -> bool:
        """Whether offers see this line; they don't where its price is agreed to be final."""
        return getattr(self.purchase_info.price, "allows_offers", True)

    def priced(self, *, discounted: bool = True) -> LinePrice:
        """What the line costs, of a line that has a `unit`."""
        assert self.unit is not None
        discount = Decimal(self.discount_value if discounted else 0)
        return price_line(self.unit, self.quantity, discount=discount, with_tax=self.shows_tax)

    def discount(
        self, discount_value: Decimal, affected_quantity: int, incl_tax: bool = True, offer: Any = None
    ) -> None:
        """A discount is rounded, and with tax where the price is, whatever the setting for all stores says."""
        if self.unit is None:
            super().discount(discount_value, affected_quantity, incl_tax, offer)
        else:
            amount = rounded(discount_value, self.unit.currency)
            self.discounts.discount(amount, affected_quantity, self.shows_tax, offer)

    @property
    def line_price_excl_tax(self) -> Decimal | None:
        return self.priced(discounted=False).net if self.unit else super().line_price_excl_tax

    @property
    def line_price_incl_tax(self) -> Decimal | None:
        return self.priced(discounted=False).gross if self.unit else super().line_price_incl_tax

    @property
    def line_price_excl_tax_incl_discounts(self) -> Decimal | None:
        return self.priced().net if self.unit else super().line_price_excl_tax_incl_discounts

    @property
    def line_price_incl_tax_incl_discounts(self) -> Decimal | None:
        return self.priced().gross if self.unit else super().line_price_incl_tax_incl_discounts

    @property
    def line_tax(self) -> Decimal | None:
        return self.priced().tax if self.unit else super().line_tax

    def most(self, room: int | None) -> int | None:
        """How many of it may be asked for, where the basket has room for so many pieces more; None: any number."""
        limits = (getattr(self.purchase_info.availability, "num_available", None), room and room + self.quantity)
        return min(filter(None, limits), default=None)

    @property
    def awaited_note(self) -> str:
        """What the buyer should know of pieces that have to come first; empty where all are there."""
        availability = self.purchase_info.availability
        return availability.message_for(self.quantity) if hasattr(availability, "promised_on") else ""

    @property
    def receipt(self) -> Receipt | None:
        """Why it costs what it costs, with the discounts that it has by now; None for prices of another strategy."""
        if self.unit is None:
            return None
        given = (
            Given(offer_id=each.offer.pk if each.offer else None, name=str(each.offer or ""), amount=each.amount)
            for each in self.discounts
            if each.amount
        )
        return self.purchase_info.price.receipt(self.quantity, tuple(given))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The receipt in sentences."""
        receipt = self.receipt
        return explain(receipt) if receipt else ()

    def get_price_breakdown(self) -> list[tuple[Decimal, Decimal, int]]:
        """What a piece costs with and without tax, and how many cost that: those with a discount, those without."""
        if self.unit is None:
            return super().get_price_breakdown()
        info, reduced = self.purchase_info, self.discounts.num_consumed() if self.discount_value else 0
        full = (info.price.incl_tax, info.price.excl_tax, self.quantity - reduced)
        if not reduced:
            return [full]
        price = price_line(self.unit, reduced, discount=Decimal(self.discount_value), with_tax=self.shows_tax)
        each = [(side / reduced).quantize(Decimal("0.0001"), ROUND_HALF_UP) for side in (price.gross, price.net)]
        return [(each[0], each[1], reduced), full] if full[2] else [(each[0], each[1], reduced)]

    def get_warning(self) -> str | None:
        """What the buyer should know before paying: that it is gone, or that as many cost something else than they did.

        That more cost less each is no news: the price is compared with what was shown for the same quantity.
        """
        title = self.product.get_title()
        info = self.purchase_info
        if not info.availability.is_available_to_buy:
            return _("“%(title)s” can't be bought any more.") % {"title": title}
        if self.unit is None:
            return super().get_warning()
        shown = "incl_tax" if self.shows_tax else "excl_tax"
        noted = Counted(self.noted_quantity or self.quantity, self.noted_family_quantity or 0)
        price = info.price.for_quantity(noted)
        before, now = getattr(self, f"price_{shown}"), getattr(price, shown)
        if before is None or before == now or self.price_currency != price.currency:
            return None  # of another currency the buyer knows: they chose it
        prices = {"title": title, "before": money(before, self.price_currency), "now": money(now, price.currency)}
        return _("“%(title)s” costs %(now)s now; it was %(before)s when you put it in.") % prices


from oscar.apps.basket.models import *  # noqa: E402, F403 - Oscar's own, but for those above
