"""The review: each entry as a row that says what it is, what it costs, what is wrong with it. Nothing is dropped."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from oscar.apps.partner.availability import Unavailable

from shop.basket.actions import Wanted
from shop.basket.models import Basket, Line
from shop.catalogue.models import Product
from shop.pricing.formats import money

from .buyers import Buyer
from .entries import Entry, whole
from .goods import Goods, load_goods, variants_of


class State(StrEnum):
    """What a row waits for."""

    READY = "ready"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    VARIANT = "variant"
    OPTIONS = "options"
    GONE = "gone"
    QUANTITY = "quantity"
    SHORT = "short"


@dataclass
class Row:
    """One product that is asked for, or one entry that is none yet."""

    entry: Entry
    state: State
    reason: str = ""
    """What is wrong, in a sentence."""
    notes: list[str] = field(default_factory=list)
    """What should be known all the same."""
    product: Product | None = None
    line: Line | None = None
    """What it would be in the basket, and cost there; not saved."""
    choices: list[Product] = field(default_factory=list)
    """What it may be, where that is to be chosen."""
    available: int | None = None
    """How many could be had, where there are fewer than are asked for."""
    options: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        return self.state is State.READY

    @property
    def quantity(self) -> int | None:
        return whole(self.entry.quantity) or None

    @property
    def wanted(self) -> Wanted:
        """Of a row that is ready."""
        assert self.product is not None
        assert self.quantity is not None
        return Wanted(self.product, self.quantity, self.options)


@dataclass(frozen=True)
class Review:
    """All that is asked for, in the order in which it was."""

    rows: list[Row]

    @property
    def ready(self) -> list[Row]:
        return [row for row in self.rows if row.is_ready]

    @property
    def open(self) -> list[Row]:
        return [row for row in self.rows if not row.is_ready]


def review(entries: Sequence[Entry], buyer: Buyer) -> Review:
    """What the entries come to for this buyer, now, beside what is in the basket already."""
    goods = load_goods(entries, buyer)
    rows = _added_together(_found(entry, goods) for entry in entries)
    scales = _Scales(goods, buyer.basket)
    for row in rows:
        scales.weigh(row)
    buyer.basket.count_beside(row.line for row in rows if row.line and row.is_ready)
    for row in rows:
        scales.note(row)
    return Review(rows)


def _found(entry: Entry, goods: Goods) -> Row:
    """The entry as the product that it means, if that is clear."""
    meant = goods.meant(entry)
    orderable = [variant for product in meant for variant in variants_of(product)]
    if len(orderable) == 1:
        return _chosen(entry, orderable[0], goods)
    if len(meant) > 1:
        reason = _("“%(code)s” may be several products. Please choose one.") % {"code": entry.code}
        return Row(entry, State.AMBIGUOUS, reason, choices=orderable)
    if orderable:
        return Row(entry, State.VARIANT, _("Please choose a variant."), product=meant[0], choices=orderable)
    suggested = [variant for product in goods.suggested(entry) for variant in variants_of(product)]
    if meant or entry.product_id or entry.title:
        return Row(entry, State.GONE, _("This is no longer sold here."), choices=suggested)
    reason = _("We know no product by this number.") if entry.code else _("Which product? Please enter its number.")
    return Row(entry, State.UNKNOWN, reason, choices=suggested)


def _chosen(entry: Entry, product: Product, goods: Goods) -> Row:
    options = goods.options(entry, product)
    row = Row(entry, State.READY, product=product, options=options)
    if goods.asks_for_options(product) and not options:
        row.state, row.reason = State.OPTIONS, _("This is made to your wishes. Please order it on its own page.")
    return row


def _added_together(rows: Iterable[Row]) -> list[Row]:
    """Rows of the same product become one, which says so."""
    together: dict[object, list[Row]] = {}
    for row in rows:
        together.setdefault(_identity(row), []).append(row)
    return [_sum(same) for same in together.values()]


def _identity(row: Row) -> object:
    """What rows have in common that are added together; one that waits for something stands for itself."""
    if row.product and row.is_ready and row.quantity:
        return row.product.pk, repr(row.options)
    return id(row)


def _sum(rows: list[Row]) -> Row:
    first, *others = rows
    if others:
        parts = " + ".join(row.entry.quantity for row in rows)
        first.notes.append(_("Asked for in several lines, added together: %(parts)s.") % {"parts": parts})
        first.entry = replace(first.entry, quantity=str(sum(row.quantity or 0 for row in rows)))
    return first


class _Scales:
    """Weighs rows one after another against stock and basket, and remembers what those before them take."""

    def __init__(self, goods: Goods, basket: Basket) -> None:
        self.goods, self.basket = goods, basket
        self.in_basket = Counter[int]()
        for line in basket.all_lines():
            self.in_basket[line.product_id] += line.quantity
        self.taken = self.in_basket.copy()
        self.room, self.most = basket.max_allowed_quantity()

    def weigh(self, row: Row) -> None:
        """Price a row, and hold against it what the store can't do."""
        if row.product is None or not row.is_ready:
            return
        info = self.basket.strategy.fetch_for_product(row.product)
        if not info.price.exists or isinstance(info.availability, Unavailable):
            row.state, row.reason = State.GONE, self._why_gone()
            return
        self._judge(row, info.availability)
        quantity = row.quantity or 1
        row.line = Line(basket=self.basket, product=row.product, stockrecord=info.stockrecord, quantity=quantity)
        if row.is_ready:
            self.taken[row.product.pk] += quantity

    def note(self, row: Row) -> None:
        """What the buyer should know of a row that has a price, by now beside all the others."""
        if row.product and row.line:
            row.notes += filter(None, (self._note_of_basket(row.product), self._note_of_price(row)))

    def _why_gone(self) -> str:
        if self.basket.strategy.context.hides_prices:
            return _("Please sign in: prices are told, and goods sold, to signed-in customers only.")
        return _("This is no longer sold here.")

    def _judge(self, row: Row, availability: Any) -> None:
        """Whether its quantity is one, is there, and is sold."""
        assert row.product is not None
        left = getattr(availability, "num_available", None)
        before, quantity = self.taken[row.product.pk], row.quantity
        if left is not None and left <= 0:
            row.state, row.reason, row.available = State.SHORT, _("This is out of stock."), 0
        elif quantity is None:
            row.state, row.reason = State.QUANTITY, _wrong(row.entry.quantity)
        elif left is not None and before + quantity > left:
            row.state, row.available = State.SHORT, max(left - before, 0)
            reason = ngettext("Only %(n)d piece is in stock.", "Only %(n)d pieces are in stock.", left)
            row.reason = reason % {"n": left}
        else:
            is_permitted, reason = availability.is_purchase_permitted(before + quantity)
            if not is_permitted:
                row.state, row.reason = State.QUANTITY, str(reason)
            elif self.room is not None and self._pieces() + quantity > self.room:
                row.state = State.QUANTITY
                row.reason = _("One order holds at most %(most)d pieces.") % {"most": self.most}

    def _pieces(self) -> int:
        """How many the rows before this one put into the basket."""
        return self.taken.total() - self.in_basket.total()

    def _note_of_basket(self, product: Product) -> str:
        n = self.in_basket[product.pk]
        text = ngettext("%(n)d piece is in your basket already.", "%(n)d pieces are in your basket already.", n)
        return text % {"n": n} if n else ""

    def _note_of_price(self, row: Row) -> str:
        """That one piece costs something else than in the order that is repeated."""
        before = self.goods.repeated(row.entry, row.product)
        if before is None or row.line is None:
            return ""
        price, shows_tax = row.line.purchase_info.price, self.basket.strategy.context.shows_tax
        then = before.unit_price_incl_tax if shows_tax else before.unit_price_excl_tax
        now = price.incl_tax if shows_tax else price.excl_tax
        if then is None or then == now or before.order.currency != price.currency:
            return ""
        texts = {
            True: _("Dearer than in that order: %(now)s each; it was %(then)s."),
            False: _("Cheaper than in that order: %(now)s each; it was %(then)s."),
        }
        return texts[now > then] % {"now": money(now, price.currency), "then": money(then, price.currency)}


def _wrong(quantity: str) -> str:
    if not quantity or whole(quantity) == 0:
        return _("Say how many: at least one.")
    return _("“%(quantity)s” is no whole number of pieces.") % {"quantity": quantity}
