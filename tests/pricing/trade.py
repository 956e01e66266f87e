"""Companies, their buyers, and price lists for them."""

from decimal import Decimal

from django.utils import timezone

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.companies.models import Company, CustomerGroup, Membership
from shop.pricing.actions import create_price_list, publish_changes
from shop.pricing.changes import SetTier, Target
from shop.pricing.levels import Level, TierKind
from shop.pricing.models import PriceList
from tests.checkout.shopper import Shopper
from tests.trade import a_buyer


def a_company(code: str = "C-1", **fields: object) -> Company:
    return Company.objects.create(name=f"Company {code}", code=code, **fields)


def a_group(code: str = "schools") -> CustomerGroup:
    return CustomerGroup.objects.create(name=code.title(), code=code)


def a_buyer_of(company: Company, email: str | None = None) -> User:
    """Somebody who buys for the company unless they choose otherwise."""
    buyer = a_buyer(email or f"{company.code}@example.com".lower())
    Membership.objects.create(company=company, user=buyer, last_used_at=timezone.now())
    return buyer


def order_for(company: Company, shopper: Shopper) -> None:
    """Walk from a filled basket to the order."""
    shopper.ship_to()
    shopper.pay_by()
    answer = shopper.post("checkout:preview", {"agreed": shopper.agreed(), "buying_for": company.pk})
    assert answer["Location"].endswith("/thank-you/")


def a_list(code: str, **fields: object) -> PriceList:
    """Published, in pounds, for everybody unless the fields say for whom."""
    level = Level.BASE
    for name, of_level in (("company", Level.COMPANY), ("group", Level.GROUP), ("store", Level.STORE)):
        level = of_level if name in fields else level
    fields = {"name": code.title(), "currency": "GBP", "is_published": True, "level": level} | fields
    return create_price_list(by=None, code=code, **fields)


def set_prices(price_list: PriceList, product: Product, *prices: str, kind: TierKind = TierKind.FIXED) -> None:
    """Prices written `quantity: price`."""
    tiers = (price.split(":") for price in prices)
    changes = [SetTier(Target(product_id=product.pk), Decimal(value), int(least), kind) for least, value in tiers]
    publish_changes(price_list, changes, by=None)
