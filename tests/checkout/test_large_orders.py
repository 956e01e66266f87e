"""An order of a thousand lines, from the quick order to the last parcel."""

import re
from collections import Counter
from decimal import Decimal
from html import unescape

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from shop.accounts.models import User
from shop.basket.models import Basket, Line
from shop.inventory.differences import differences
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.draining import drain_all
from shop.partner.models import StockRecord
from shop.payments.actions import grant_invoice
from shop.payments.ledger import balance_of
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.models import Store
from tests.checkout.shopper import Shopper, leads_to
from tests.goods import a_product
from tests.queries import counted_queries
from tests.trade import a_buyer, open_for_trade

pytestmark = pytest.mark.django_db

MANY = 1_000
INPUT = re.compile(r'<input[^>]*? name="(?P<name>[^"]+)" value="(?P<value>[^"]*)"')
PART = "part-"


def fields(page: HttpResponse, stem: str) -> dict[str, str]:
    """What a page's form would send of the fields that are called so."""
    assert page.status_code == 200, page
    found = INPUT.findall(page.content.decode())
    return {name: unescape(value) for name, value in found if name.startswith(stem)}


def put_a_thousand_in(shopper: Shopper, store: Store) -> None:
    goods = [a_product(f"Cup {number:04}", store) for number in range(MANY)]
    skus = (
        StockRecord.objects.filter(product__in=goods).order_by("product__title").values_list("partner_sku", flat=True)
    )
    reviewed = shopper.post("quickorder:order", {"text": "\n".join(f"{sku}\t2" for sku in skus)})
    answer = shopper.post("quickorder:order", fields(reviewed, "row-") | {"action": "add"})
    assert leads_to(answer, "basket:summary")


def pieces(order: Order) -> Counter[str]:
    """Of all its lines together."""
    states = ("num_open", "num_shipped", "num_cancelled")
    return Counter({state: sum(getattr(line, state) for line in order.lines.all()) for state in states})


def test_a_thousand_lines_are_changed_page_by_page_and_ordered(aurora_store):
    open_for_trade(aurora_store)
    grant_invoice(ada := a_buyer())
    shopper = Shopper(aurora_store, signed_in_as=ada)
    put_a_thousand_in(shopper, aurora_store)
    last_page = "/basket/?page=10"

    form = fields(shopper.client.get(last_page), "form-")
    changed = shopper.client.post(last_page, form | {"form-98-quantity": "3", "form-99-DELETE": "on"})
    shopper.ship_to()
    shopper.pay_by("invoice")
    agreed = shopper.agreed()
    with counted_queries() as queries:
        placed = shopper.place(agreed)

    assert changed.status_code == 302
    assert leads_to(placed, "checkout:thank-you"), shopper.messages()
    assert len(queries) <= 60, str(queries)
    order = Order.objects.get()
    assert [line.quantity for line in order.lines.order_by("title")] == [2] * 998 + [3]
    assert order.total_incl_tax == sum(line.line_price_incl_tax for line in order.lines.all()) == Decimal(19_990)
    shown = shopper.get("checkout:thank-you").content.decode()
    assert all(f"Cup {number:04}" in shown for number in range(999))
    assert not Basket.open.filter(lines__isnull=False).exists()


def test_a_thousand_lines_are_sent_in_part_cancelled_in_part_and_ordered_again(aurora_store):
    open_for_trade(aurora_store)
    grant_invoice(ada := a_buyer())
    shopper = Shopper(aurora_store, signed_in_as=ada)
    put_a_thousand_in(shopper, aurora_store)
    shopper.ship_to()
    shopper.pay_by("invoice")
    shopper.place()
    order = Order.objects.get()
    address = f"/dashboard/orders/{order.number}/"
    clerk = Client(headers={"host": aurora_store.site.hostname})
    clerk.force_login(user := User.objects.create_user("clerk@aurora.example", "a long password"))
    grant_role(user, Role.ORDERS, by=None)

    parts = fields(clerk.get(f"{address}ship/"), PART)
    clerk.post(f"{address}ship/", parts | dict.fromkeys(list(parts)[400:], "0"))
    assert pieces(order) == {"num_shipped": 800, "num_open": 1200, "num_cancelled": 0}
    parts = fields(clerk.get(f"{address}cancel/"), PART)
    clerk.post(f"{address}cancel/", dict.fromkeys(parts, "1") | {"reason": "gone"})
    assert pieces(order) == {"num_shipped": 800, "num_open": 600, "num_cancelled": 600}
    parts = fields(clerk.get(f"{address}ship/"), PART)
    clerk.post(f"{address}ship/", parts)
    drain_all()

    assert len(parts) == 600
    order.refresh_from_db()
    assert order.status == OrderStatus.SHIPPED
    assert pieces(order) == {"num_shipped": 1400, "num_open": 0, "num_cancelled": 600}
    assert balance_of(order).due == Decimal(14_000)
    assert list(differences()) == []
    said = [letter.subject.partition(order.number)[2] for letter in mail.outbox]
    assert said == ["", " is on its way", " is cancelled", " is on its way"]
    again = fields(shopper.client.post(f"/accounts/orders/{order.number}/", {"action": "reorder"}), "row-")
    assert leads_to(shopper.post("quickorder:order", again | {"action": "add"}), "basket:summary")
    quantities = Line.objects.filter(basket__status="Open").values_list("quantity", flat=True)
    assert Counter(quantities) == {2: MANY}
