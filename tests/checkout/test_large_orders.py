"""An order of a thousand lines, from the quick order to the last parcel."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from shop.accounts.models import User
from shop.basket.models import Line
from shop.inventory.differences import differences
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.draining import drain_all
from shop.partner.models import StockRecord
from shop.payments.actions import grant_invoice
from shop.payments.ledger import balance_of
from shop.prover.scratch import owner_session
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.checkout.shopper import Shopper, leads_to
from tests.goods import a_product
from tests.queries import counted_queries
from tests.trade import a_buyer, open_for_trade

MANY = 1_000
INPUT = re.compile(r'<input[^>]*? name="(?P<name>[^"]+)" value="(?P<value>[^"]*)"')


@pytest.fixture
def store(own_database) -> Iterator[Store]:
    """That sells a thousand things, which the database has counted: else it would believe that there are none."""
    merchant = cast_merchant("aurora")
    with merchant_scope(merchant.pk):
        store = open_for_trade(Store.objects.get())
        for number in range(MANY):
            a_product(f"Cup {number:04}", store)
    with owner_session(own_database) as owner:
        owner.execute("ANALYZE")
    with merchant_scope(merchant.pk):
        yield store


def fields(page: HttpResponse, stem: str) -> dict[str, str]:
    """What a page's form would send of the fields that are called so."""
    assert page.status_code == 200, page
    found = INPUT.findall(page.content.decode())
    return {name: unescape(value) for name, value in found if name.startswith(stem)}


def fill(shopper: Shopper, reviewed: HttpResponse) -> list[int]:
    """Put what the quick order shows into the basket; gives the quantities that are in it then."""
    answer = shopper.post("quickorder:order", fields(reviewed, "row-") | {"action": "add"})
    assert leads_to(answer, "basket:summary")
    return list(Line.objects.filter(basket__status="Open").order_by("pk").values_list("quantity", flat=True))


def pieces(order: Order) -> Counter[str]:
    """Of all its lines together."""
    states = ("num_open", "num_shipped", "num_cancelled")
    return Counter({state: sum(getattr(line, state) for line in order.lines.all()) for state in states})


def test_a_thousand_lines_are_ordered_sent_and_cancelled_in_part_and_ordered_again(store):
    grant_invoice(ada := a_buyer())
    shopper = Shopper(store, signed_in_as=ada)
    skus = StockRecord.objects.order_by("product__title").values_list("partner_sku", flat=True)
    in_basket = fill(shopper, shopper.post("quickorder:order", {"text": "\n".join(f"{sku}\t2" for sku in skus)}))
    last_page = "/basket/?page=10"
    form = fields(shopper.client.get(last_page), "form-")
    shopper.client.post(last_page, form | {"form-98-quantity": "3", "form-99-DELETE": "on"})
    shopper.ship_to()
    shopper.pay_by("invoice")
    agreed = shopper.agreed()

    with counted_queries() as queries:
        placed = shopper.place(agreed)

    assert in_basket == [2] * MANY
    assert leads_to(placed, "checkout:thank-you"), shopper.messages()
    assert len(queries) <= 60, str(queries)
    order = Order.objects.get()
    assert [line.quantity for line in order.lines.order_by("title")] == [2] * 998 + [3]
    assert order.total_incl_tax == sum(line.line_price_incl_tax for line in order.lines.all()) == Decimal(19_990)
    shown = shopper.get("checkout:thank-you").content.decode()
    assert [f"Cup {number:04}" in shown for number in range(MANY)] == [True] * 999 + [False]

    clerk = Client(headers={"host": store.site.hostname})
    clerk.force_login(user := User.objects.create_user("clerk@aurora.example", "a long password"))
    grant_role(user, Role.ORDERS, by=None)
    ship, cancel = (f"/dashboard/orders/{order.number}/{page}/" for page in ("ship", "cancel"))
    parts = fields(clerk.get(ship), "part-")
    clerk.post(ship, parts | dict.fromkeys(list(parts)[400:], "0"))
    assert pieces(order) == {"num_shipped": 800, "num_open": 1199, "num_cancelled": 0}
    clerk.post(cancel, dict.fromkeys(fields(clerk.get(cancel), "part-"), "1") | {"reason": "gone"})
    assert pieces(order) == {"num_shipped": 800, "num_open": 600, "num_cancelled": 599}
    clerk.post(ship, fields(clerk.get(ship), "part-"))
    drain_all()

    order.refresh_from_db()
    assert (order.status, pieces(order)["num_shipped"]) == (OrderStatus.SHIPPED, 1400)
    assert balance_of(order).due == Decimal(14_000)
    assert list(differences()) == []
    said = [letter.subject.partition(order.number)[2] for letter in mail.outbox]
    assert said == ["", " is on its way", " is cancelled", " is on its way"]

    again = shopper.client.post(f"/accounts/orders/{order.number}/", {"action": "reorder"})

    assert fill(shopper, again) == [2] * 998 + [3]
