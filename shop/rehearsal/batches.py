"""A batch of orders replayed: what is loaded for all of them at once, and what each of their lines comes to."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db.models import Q

from shop.catalogue.models import Product
from shop.order.models import Line, Order
from shop.partner.models import StockRecord
from shop.pricing.book import PriceBook
from shop.pricing.context import ListTerms
from shop.pricing.models import QuantityRule
from shop.pricing.pricing import rounded
from shop.pricing.quantities import QuantityTerms
from shop.pricing.queries import FoundRule, FoundSpan, FoundTier, load_history
from shop.pricing.receipts import Receipt
from shop.pricing.tiers import Goods

from .audience import Precedence
from .lines import LineRow
from .models import Refusal, Rehearsal
from .replaying import Outcome, outcome_of
from .sources import PriceSource

LINE_FIELDS = (
    *("order_id", "product_id", "title", "partner_sku", "quantity", "receipt", "unit_cost", "cost_currency"),
    *("line_price_excl_tax", "line_price_incl_tax"),
)


class Batch:
    """A handful of queries, however many orders."""

    def __init__(self, orders: Sequence[Order], rehearsal: Rehearsal, source: PriceSource) -> None:
        self.rehearsal = rehearsal
        self.orders = orders
        self.precedence = Precedence(orders, rehearsal.price_list)
        lines = list(Line.objects.filter(order__in=orders).only(*LINE_FIELDS).order_by("pk"))
        self.products = _products({line.product_id for line in lines})
        self.lines: dict[int, list[tuple[Line, Receipt]]] = defaultdict(list)
        for line in lines:
            if line.receipt and line.product_id in self.products:
                self.lines[line.order_id].append((line, Receipt.from_json(line.receipt)))
        replayable = sum(map(len, self.lines.values()))
        self.left_out = len(lines) - replayable
        if replayable:
            self._load(source)

    def _load(self, source: PriceSource) -> None:
        products, lists = list(self.products.values()), self.precedence.list_ids
        moments = [receipt.moment for lines in self.lines.values() for _, receipt in lines]
        self._spans: dict[int, list[FoundSpan]] = defaultdict(list)
        for span in load_history(products, lists, since=min(moments), until=max(moments)):
            self._spans[span.found.of_product].append(span)
        self._drafted: dict[int, list[FoundTier]] = defaultdict(list)
        tiers, drafted_rules = source.load(products)
        for found in tiers:
            self._drafted[found.of_product].append(found)
        self.draft_rules = {rule.quantities.rule_id for rule in drafted_rules if rule.quantities.rule_id}
        self._rules: dict[int, list[FoundRule]] = defaultdict(list)
        for rule in [*_rules(products, lists), *drafted_rules]:
            self._rules[rule.of_product].append(rule)

    def replayed(self) -> Iterator[LineRow]:
        for order in self.orders:
            yield from self._replayed(order)

    def _replayed(self, order: Order) -> Iterator[LineRow]:
        lists = self.precedence.lists_of(order)
        outcomes = [self._outcome(line, receipt, lists) for line, receipt in self.lines[order.pk]]
        is_too_small = self._is_too_small(lists, outcomes)
        for (line, receipt), outcome in zip(self.lines[order.pk], outcomes, strict=True):
            if is_too_small and not outcome.refusal:
                outcome = replace(outcome, refusal=Refusal.ORDER)
            yield self._row(order, line, receipt, outcome)

    def _outcome(self, line: Line, receipt: Receipt, lists: tuple[ListTerms, ...]) -> Outcome:
        goods = self._goods(line, receipt, lists)
        return outcome_of(receipt, goods, lists, draft_id=self.precedence.draft_id, rules=self.draft_rules)

    def _goods(self, line: Line, receipt: Receipt, lists: tuple[ListTerms, ...]) -> Goods:
        """What was known of its prices when it was ordered, and what the draft says of them."""
        product = self.products[line.product_id]
        of_products = sorted({product.pk, product.parent_id or product.pk})
        tiers = [
            *(span.found for pk in of_products for span in self._spans[pk] if span.holds(receipt.moment)),
            *(found for pk in of_products for found in self._drafted[pk]),
        ]
        book = PriceBook(replace(receipt.context, lists=lists))
        book.keep([product], (tiers, [rule for pk in of_products for rule in self._rules[pk]]))
        return book.goods(product, _record(receipt))

    def _is_too_small(self, lists: tuple[ListTerms, ...], outcomes: list[Outcome]) -> bool:
        """Whether the draft would ask for a greater order than is left of this one (see `Proposal.worth`)."""
        terms = next((terms for terms in lists if terms.minimum_order_value), None)
        if terms is None or terms.id != self.precedence.draft_id:
            return False
        sold = [outcome.line for outcome in outcomes if not outcome.refusal]
        worth = sum((line.gross if terms.includes_tax else line.net for line in sold), Decimal(0))
        return bool(sold) and worth < (terms.minimum_order_value or 0)

    def _row(self, order: Order, line: Line, receipt: Receipt, outcome: Outcome) -> LineRow:
        is_costed = line.unit_cost is not None and line.cost_currency == order.currency
        return LineRow(
            rehearsal_id=self.rehearsal.pk,
            order_id=order.pk,
            company_id=order.company_id,
            product_id=line.product_id,
            label=line.title,
            code=line.partner_sku,
            quantity=line.quantity,
            unit_before=receipt.quote.unit.shown(with_tax=False),
            unit_after=outcome.quote.unit.shown(with_tax=False) if outcome.quote else None,
            net_before=line.line_price_excl_tax,
            net_after=outcome.line.net,
            cost=rounded(line.unit_cost * line.quantity, order.currency) if is_costed else None,
            refusal=outcome.refusal or "",
        )


def _products(ids: set[int | None]) -> dict[int, Product]:
    """As much of them as prices ask for."""
    rows = Product.objects.filter(pk__in=ids - {None}).values_list("pk", "parent_id")
    return {pk: Product(pk=pk, parent_id=parent_id) for pk, parent_id in rows}


def _record(receipt: Receipt) -> StockRecord:
    """As the receipt has it: stock records keep no history of their prices."""
    found = receipt.quote
    return StockRecord(pk=found.record_id, price=found.net, price_currency=found.unit.currency)


def _rules(products: Sequence[Product], list_ids: set[int]) -> list[FoundRule]:
    """The rules of quantities as they are now, but for the draft's own."""
    ids = {product.pk for product in products} | {product.parent_id for product in products if product.parent_id}
    rules = QuantityRule.objects.filter(Q(price_list=None) | Q(price_list__in=list_ids), product__in=ids)
    return [
        FoundRule(rule.product_id, rule.price_list_id, QuantityTerms(rule.minimum, rule.multiple, rule.pk))
        for rule in rules
    ]
