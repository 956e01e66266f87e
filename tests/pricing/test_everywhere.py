"""Any mixture of lists, quantities, currencies, dates, taxes and sides: one price, wherever it is asked for."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Q
from django.utils import timezone, translation

from shop.catalogue.models import Category, Product
from shop.currencies.choice import COOKIE
from shop.order.models import Order
from shop.pricing.actions import publish_changes
from shop.pricing.book import PriceBook
from shop.pricing.changes import SetTier, Target
from shop.pricing.context import PriceContext, from_company
from shop.pricing.formats import money
from shop.pricing.levels import Level, TierKind
from shop.pricing.models import PriceList
from shop.pricing.pricing import price_line
from shop.pricing.replays import Replay, replay_orders
from shop.pricing.tiers import Counted, quote
from shop.shipping.actions import set_rate
from shop.stores.models import Store, TaxDisplay
from tests.api.machine import V1
from tests.checkout.shopper import Shopper
from tests.goods import a_parent, a_product
from tests.offer.offers import a_range, an_offer
from tests.pricing.trade import a_buyer_of, a_company, a_group, a_list, order_for
from tests.trade import open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


@dataclass
class World:
    """A store, a company, what is sold, and lists for all, put together by dice."""

    store: Store
    dice: random.Random

    def __post_init__(self) -> None:
        dice, store = self.dice, self.store
        store.tax_rate, store.tax_display = D(dice.choice(["0", "0.07", "0.19", "0.2"])), dice.choice(TaxDisplay.values)
        store.further_currencies = ["EUR", "JPY"]
        store.save()
        self.currency = dice.choice(store.currencies)
        set_rate(store, "standard", name="Standard", charge=D(5), currency=self.currency)
        self.company = a_company(
            group=a_group(), is_tax_exempt=dice.random() < 0.3, tax_display=dice.choice(["", *TaxDisplay.values])
        )
        self.category = Category.add_root(name="China")
        shirt = a_parent("Shirt", store, variants={size: self.amount() for size in ("S", "M", "L")})
        cups = [a_product(f"Cup {n}", store, price=self.amount()) for n in range(3)]
        self.category.product_set.set([shirt, *cups[:2]])
        self.sold = [*shirt.children.order_by("pk"), *cups]
        for level in Level:
            self.a_list_of(level)
        if self.currency != store.currency:  # what no list prices is not sold in it
            everything = a_list("everything", currency=self.currency, priority=-1, includes_tax=dice.random() < 0.5)
            prices = [SetTier(Target(product_id=product.pk), D(self.amount())) for product in self.sold]
            publish_changes(everything, prices, by=None)

    def amount(self, most: int = 90) -> str:
        return f"{self.dice.uniform(0.05, most):.{self.dice.choice([0, 2, 4])}f}"

    def a_list_of(self, level: Level) -> None:
        dice, company = self.dice, self.company
        of_company = level in (Level.CONTRACT, Level.COMPANY)
        bases = PriceList.objects.filter(Q(company=None) | Q(company=company if of_company else None))
        price_list = a_list(
            f"list-{level.value}",
            level=level,
            company=company if of_company else None,
            group=company.group if level == Level.GROUP else None,
            store=self.store if level == Level.STORE else None,
            base=dice.choice([None, bases.filter(base=None, currency=self.currency).first()]),
            currency=self.currency,
            includes_tax=dice.random() < 0.5,
            mix_and_match=dice.random() < 0.5,
            allows_offers=dice.random() < 0.7,
        )
        targets = [Target(product_id=each.pk) for each in self.sold] + [Target(category_id=self.category.pk)]
        for target in dice.sample(targets, dice.randint(1, 4)):
            kind = dice.choice(list(TierKind))
            publish_changes(price_list, self.ladder(target, kind, *self.window()), by=None)
            if dice.random() < 0.3:  # and another price, which does not count yet
                later = SetTier(target, D(0) if kind == TierKind.FIXED else D(95), 12, kind)
                publish_changes(price_list, [later], by=None, takes_effect_at=in_days(9))

    def window(self) -> tuple[datetime | None, datetime | None]:
        """For ever, over, to come, or now."""
        return self.dice.choice([(None, None), (None, in_days(-1)), (in_days(1), None), (in_days(-2), in_days(2))])

    def ladder(self, target: Target, kind: TierKind, start: datetime | None, end: datetime | None) -> list[SetTier]:
        values = sorted(D(self.amount(40)) for _ in range(self.dice.randint(1, 3)))
        if kind == TierKind.FIXED:
            values.reverse()
        steps = sorted(self.dice.sample(range(1, 12), len(values)))
        return [
            SetTier(target, value, step, kind, valid_from=start, valid_until=end)
            for value, step in zip(values, steps, strict=True)
        ]


def in_days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


@pytest.mark.parametrize("seed", range(16))
def test_a_price_is_the_same_wherever_it_is_asked_for(aurora_store, seed):
    world = World(open_for_trade(aurora_store), random.Random(seed))
    if world.dice.random() < 0.5:
        an_offer(percent=7, of=a_range(includes_all_products=True))
    shopper = Shopper(world.store, signed_in_as=a_buyer_of(world.company))
    shopper.client.cookies[COOKIE] = world.currency
    wanted = {product: world.dice.randint(1, 9) for product in world.dice.sample(world.sold, 4)}
    for product, quantity in wanted.items():
        fields = {"quantity": quantity} | ({"child_id": product.pk} if product.is_child else {})
        shopper.post("basket:add", fields, kwargs={"pk": product.parent_id or product.pk})

    context = from_company(world.company, store=world.store, currency=world.currency)
    expected = expected_lines(context, wanted)
    listed = {row["id"]: row["price"] for row in shopper.client.get(f"{V1}products/").json()["results"]}
    basket = shopper.client.get(f"{V1}basket/").json()

    catalogue = shopper.client.get("/catalogue/").content.decode()
    for product in (each for each in world.sold if not each.is_child):
        shown = expected_on_pages(context, product)
        assert shown in catalogue
        assert shown in shopper.client.get(product.get_absolute_url()).content.decode()
        assert listed[product.pk] == shopper.client.get(f"{V1}products/{product.pk}/").json()["price"]
    assert {
        row["product"]: (D(row["price_before_discounts"]["excl_tax"]), D(row["price_before_discounts"]["incl_tax"]))
        for row in basket["lines"]
    } == expected
    order_for(world.company, shopper)
    order = Order.objects.get()
    assert order.currency == basket["currency"] == world.currency
    lines = order.lines.all()
    assert {
        line.product_id: (line.line_price_before_discounts_excl_tax, line.line_price_before_discounts_incl_tax)
        for line in lines
    } == expected
    assert {row["product"]: D(row["price"]["incl_tax"]) for row in basket["lines"]} == {
        line.product_id: line.line_price_incl_tax for line in lines
    }
    assert D(basket["total_incl_tax"]) == sum(line.line_price_incl_tax for line in lines)
    assert list(replay_orders(into=Replay())) == []


def expected_on_pages(context: PriceContext, product: Product) -> str:
    """What pure functions say of the smallest quantity."""
    goods = PriceBook(context).goods(product, product.stockrecords.get())
    found = quote(goods, Counted(goods.quantities.least), context)
    with translation.override("en-gb"):
        return money(found.unit.shown(with_tax=context.shows_tax), context.currency)


def expected_lines(context: PriceContext, wanted: dict[Product, int]) -> dict[int, tuple[Decimal, Decimal]]:
    """What pure functions say of each line before offers: without tax, and with."""
    book = PriceBook(context)
    expected = {}
    for product, quantity in wanted.items():
        family = [n for each, n in wanted.items() if (each.parent_id or each.pk) == (product.parent_id or product.pk)]
        found = quote(book.goods(product, product.stockrecords.get()), Counted(quantity, sum(family)), context)
        line = price_line(found.unit, quantity)
        expected[product.pk] = (line.net, line.gross)
    return expected
