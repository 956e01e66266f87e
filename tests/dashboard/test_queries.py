"""No list of the dashboard asks the database more often when there is more to show."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.audit.actions import record
from shop.companies.models import CustomerGroup
from shop.costs.actions import Parts, note_cost
from shop.shipping.actions import set_rate
from shop.staff.actions import grant_role
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member, an_application
from tests.pricing.trade import a_list, set_prices

from .conftest import order, product

pytestmark = pytest.mark.django_db

Partner, StockAlert = get_model("partner", "Partner"), get_model("partner", "StockAlert")
PartnerAddress = get_model("partner", "PartnerAddress")
Category, ProductClass = get_model("catalogue", "Category"), get_model("catalogue", "ProductClass")
Option, Group = get_model("catalogue", "Option"), get_model("catalogue", "AttributeOptionGroup")
Offer, Range = get_model("offer", "ConditionalOffer"), get_model("offer", "Range")
Benefit, Condition = get_model("offer", "Benefit"), get_model("offer", "Condition")
Voucher, VoucherSet = get_model("voucher", "Voucher"), get_model("voucher", "VoucherSet")
Review, ProductAlert = get_model("reviews", "ProductReview"), get_model("customer", "ProductAlert")
UserRecord, ProductRecord = get_model("analytics", "UserRecord"), get_model("analytics", "ProductRecord")
Basket, Country = get_model("basket", "Basket"), get_model("address", "Country")


def add_a_bit_of_everything(world, name: str) -> None:
    """One more row in every list."""
    company = a_company(name, group=CustomerGroup.objects.create(name=name, code=name))
    a_member(company)
    an_application(world.here, email=f"{name}@hill.example")
    partner = Partner.objects.create(name=name)
    partner.users.add(User.objects.create_user(f"{name}@partner.example", "a long password"))
    PartnerAddress.objects.create(partner=partner, line1="1 High Street", country=Country.objects.get(pk="GB"))
    thing = product(name, partner)
    set_prices(a_list(name, company=company), thing, "1:9", "10:8")
    note_cost(thing.stockrecords.get(), Parts(Decimal(4)), currency="GBP", by=partner.users.get())
    thing.categories.add(Category.add_root(name=name))
    StockAlert.objects.create(stockrecord=thing.stockrecords.get(), threshold=5)
    kind = ProductClass.objects.create(name=f"Kind {name}")
    kind.options.add(Option.objects.create(name=name, code=name))
    group = Group.objects.create(name=name)
    group.options.create(option=name)
    group.options.create(option=f"{name} large")
    goods = Range.objects.create(name=name)
    goods.add_product(thing)
    benefit = Benefit.objects.create(range=goods, type="Percentage", value=10)
    condition = Condition.objects.create(range=goods, type="Count", value=1)
    offer = Offer.objects.create(name=name, benefit=benefit, condition=condition)
    now = timezone.now()
    vouchers = VoucherSet.objects.create(
        name=name, code_length=8, start_datetime=now, end_datetime=now + timedelta(days=1), count=0
    )
    voucher = Voucher.objects.create(
        name=name, code=f"CODE{name}", start_datetime=now, end_datetime=now + timedelta(days=1), voucher_set=vouchers
    )
    voucher.offers.add(offer)
    buyer = User.objects.create_user(f"{name}@people.example", "a long password", first_name=name)
    UserRecord.objects.get_or_create(user=buyer)
    ProductRecord.objects.get_or_create(product=thing)
    order(f"N-{name}", world.here, buyer, thing, world.oil)
    Review.objects.create(product=thing, user=buyer, score=4, title=name, body=name)
    ProductAlert.objects.create(product=thing, user=buyer, status=ProductAlert.ACTIVE)
    for status in (Basket.OPEN, Basket.SUBMITTED):
        Basket.objects.create(owner=buyer, status=status, store=world.here)
    set_rate(world.here, name, name=name, charge=Decimal(1))
    colleague = User.objects.create_user(f"{name}@aurora.example", "a long password")
    grant_role(colleague, "orders", by=None, stores=[world.here])
    record("order.seen", by=colleague, target=thing, store=world.here)


REPORTS = [
    *("order_report", "product_analytics", "user_analytics", "open_baskets", "submitted_baskets", "vouchers"),
    "conditional-offers",
]
LISTS = [
    "",
    "orders/",
    "orders/statistics/",
    "users/",
    "users/alerts/",
    "companies/",
    "companies/applications/",
    "companies/groups/",
    "prices/",
    "costs/",
    "viewing/",
    "prices/quantities/",
    "catalogue/",
    "catalogue/categories/",
    "catalogue/product-types/",
    "catalogue/option/",
    "catalogue/attribute-option-group/",
    "catalogue/stock-alerts/",
    "ranges/",
    "partners/",
    "reviews/",
    "offers/",
    "vouchers/",
    "vouchers/sets/",
    "reports/",
    *(f"reports/?report_type={code}" for code in REPORTS),
    "shipping/",
    "staff/",
    "audit/",
]


@pytest.fixture
def count(browser_of: Callable, aurora) -> Callable[[str], int]:
    browser = browser_of("owner")

    def counted(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = browser.get(f"/dashboard/{path}")
        assert response.status_code == 200, path
        return len(queries)

    return counted


def test_lists_ask_as_often_for_twice_as_much(world, aurora, count):
    with merchant_scope(aurora.pk):
        for number in range(3):
            add_a_bit_of_everything(world, f"few{number}")
    for path in LISTS:  # what is kept from the first time, such as content types
        count(path)
    few = {path: count(path) for path in LISTS}

    with merchant_scope(aurora.pk):
        for number in range(4):
            add_a_bit_of_everything(world, f"more{number}")

    many = {path: count(path) for path in LISTS}
    grown = [(path, few[path], many[path]) for path in LISTS if few[path] != many[path]]
    assert grown == []
    assert max(few.values()) < 60, few


@pytest.mark.parametrize("path", ["users/{bea}/", "orders/A-1/"])
def test_a_page_asks_as_often_for_a_customer_or_an_order_with_twice_as_much(world, aurora, count, path):
    path = path.format(bea=world.bea.pk)
    with merchant_scope(aurora.pk):
        products = [product(f"Thing {number}", world.own) for number in range(4)]
        order("A-2", world.here, world.bea, world.oil, *products[:2])
    count(path)
    few = count(path)

    with merchant_scope(aurora.pk):
        for number in range(3, 6):
            order(f"A-{number}", world.here, world.bea, *products)
        for item in products:
            line = world.order_here.lines.first()
            line.pk, line.product, line.title = None, item, item.title
            line.save()

    assert count(path) == few
