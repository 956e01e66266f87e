"""Two clerks, each with a browser of their own, who do something to the same order at the same moment."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db.models import F, Sum
from django.test import Client
from django.urls import reverse

from bench.serving import production_server, session_cookie
from shop.accounts.models import User
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.partner.models import StockRecord
from shop.payments.ledger import balance_of
from shop.review.actions import hold
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.fulfilment.orders import a_placed_order, pay
from tests.inventory.stocked import adds_up
from tests.services import LONGEST_S
from tests.trade import a_buyer

from .test_stock import Buyer, merchant_id  # noqa: F401 - a fixture

pytestmark = pytest.mark.data

PAIRS = [("ship", "cancel"), ("ship", "ship"), ("cancel", "cancel"), ("release", "cancel"), ("hold", "ship")]
PAIRS += [("as buyer", "ship"), ("as buyer", "hold")]
OF_MONEY = [("pay", "pay"), ("refund", "refund"), ("refund", "cancel")]
TIMES = 2
Pair = tuple[str, str]
Post = tuple[str, dict[str, object]]


def seen_by_a_clerk(deed: str, order: Order) -> Post:
    """What the page of an order, as it is now, sends for a deed."""
    page = {name: reverse(f"dashboard:order-{name}", args=[order.number]) for name in ("ship", "cancel", "move")}
    parts = {f"part-{line.pk}-of-{line.num_open}": line.num_open for line in order.lines.all()}
    balance = balance_of(order)
    money = {"method": "bank_transfer", "token": secrets.token_hex(8)}
    match deed:
        case "ship" | "cancel":
            return page[deed], parts
        case "hold" | "release":
            review = order.reviews.holding().first()
            return page["move"], {"action": deed, "reason": "Look", "seen": review.seen if review else ""}
        case "capture" | "let go":
            payment = order.gateway_payments.get()
            verb = {"capture": "capture", "let go": "cancel"}[deed]
            return reverse(f"dashboard:gateway-payment-{verb}", args=[payment.pk]), {"amount": balance.open}
        case "as buyer":
            return reverse("customer:order", args=[order.number]), {"action": "cancel"}
        case "pay":
            told = {"amount": balance.open, "before": balance.captured}
            return reverse("dashboard:order-payment", args=[order.number]), money | told
    told = {"amount": Decimal("1.00"), "before": balance.refunded}
    return reverse("dashboard:order-refund", args=[order.number]), money | told


def an_order_for(pair: Pair, *, buyer: User | None = None) -> Order:
    """Of three cups, as both clerks may do theirs to it; what is not to be paid in the race is paid."""
    order = a_placed_order(Store.objects.get(), buyer=buyer if "as buyer" in pair else None)
    if "pay" not in pair:
        pay(order)
    if "release" in pair:
        hold(order, by=None, reason="Strange address")
    return Order.objects.get(pk=order.pk)


@pytest.fixture
def clerks(merchant_id) -> list[User]:  # noqa: F811
    with merchant_scope(merchant_id):
        clerks = [a_buyer(f"clerk-{number}@aurora.example") for number in range(2)]
        for clerk in clerks:
            grant_role(clerk, Role.ORDERS, by=None)
    return clerks


@pytest.fixture
def orders_for(merchant_id, clerks) -> Callable[[list[Pair]], list[tuple[Pair, Order]]]:  # noqa: F811
    def made(pairs: list[Pair]) -> list[tuple[Pair, Order]]:
        with merchant_scope(merchant_id):
            return [(pair, an_order_for(pair, buyer=clerks[0])) for pair in pairs]

    return made


@pytest.fixture
def race(merchant_id, clerks) -> Callable[..., list[int]]:  # noqa: F811
    """A function that has the two clerks do their deeds to each of these orders, on a server with this environment;
    gives the answers that were no redirects."""

    def run(orders: list[tuple[Pair, Order]], **environ: str) -> list[int]:
        with merchant_scope(merchant_id):
            cookies = [session_cookie(clerk).split("=", 1) for clerk in clerks]
            posts = [[seen_by_a_clerk(deed, order) for deed in pair] for pair, order in orders]
        start = Barrier(2)

        def work(number: int) -> list[int]:
            browser = Buyer(server.port)
            browser.cookies |= dict([cookies[number]])
            for post in posts:
                start.wait(LONGEST_S)
                browser.post(*post[number])
            browser.connection.close()
            return browser.statuses

        with production_server(workers=2, threads=4, **environ) as server, ThreadPoolExecutor(2) as threads:
            return [status for statuses in threads.map(work, range(2)) for status in statuses]

    return run


def test_whatever_two_clerks_do_to_an_order_at_once_it_is_done_once_and_all_adds_up(race, orders_for, merchant_id):  # noqa: F811
    unexpected = race(orders_for(PAIRS * TIMES))

    assert set(unexpected) <= {200}  # the page again, with what is refused
    with merchant_scope(merchant_id):
        assert adds_up()
        left = Line.objects.aggregate(left=Sum(F("quantity") - F("num_shipped") - F("num_cancelled")))["left"]
        assert StockRecord.objects.aggregate(kept=Sum("num_allocated"))["kept"] == left
        for order in Order.objects.all():
            (line,) = order.lines.all()
            whole = {OrderStatus.SHIPPED: line.num_shipped, OrderStatus.CANCELLED: line.num_cancelled}
            assert whole.get(OrderStatus(order.status), 3) == 3
            assert line.num_shipped + line.num_cancelled in (0, 3)


def test_money_that_two_clerks_note_at_once_is_noted_once(race, orders_for, merchant_id):  # noqa: F811
    unexpected = race(orders_for(OF_MONEY * TIMES))

    assert set(unexpected) <= {200}
    with merchant_scope(merchant_id):
        for order in Order.objects.all():
            balance = balance_of(order)
            assert balance.captured == order.total_incl_tax
            assert balance.refunded in (0, 1)
        assert adds_up()


def test_a_stranger_does_nothing_to_it(merchant_id):  # noqa: F811
    with merchant_scope(merchant_id):
        order = an_order_for(("ship", "cancel"))
        posts = [seen_by_a_clerk(deed, order) for deed in ("ship", "cancel", "hold", "pay", "refund")]
    stranger = Client(headers={"host": "lumen.example"})
    with merchant_scope(cast_merchant("lumen").pk):
        person = a_buyer("boss@lumen.example")
        grant_role(person, Role.OWNER, by=None)
        stranger.force_login(person)

    assert [stranger.post(*post).status_code for post in posts] == [404] * 5

    with merchant_scope(merchant_id):
        assert Order.objects.get().status == OrderStatus.PAID
        assert adds_up()
