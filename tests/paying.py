"""Orders that are paid at the gateway that ships with the product, which runs beside the tests by itself."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from django.test import Client, override_settings
from django.urls import reverse

from shop.accounts.models import User
from shop.checkout.actions import place_order
from shop.order.models import Order
from shop.payments.actions import offer_method
from shop.payments.gateways import calls
from shop.payments.gateways.models import GatewayPayment
from shop.staff.actions import grant_role
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope, own_scope, remembered_merchant
from shop.testgateway.signing import webhook_secret
from tests.conftest import PROJECT
from tests.goods import a_product
from tests.services import LONGEST_S, free_port, wait_for_port
from tests.trade import a_basket, a_buyer, a_purchase, open_for_trade

PLAIN, DECLINED, ASKS_3DS, RISKY = "4242424242424242", "4000000000000002", "4000002500003155", "4000000000009235"
PACE = 0.02
"""Waits of the gateway are so much shorter in tests."""


def impatient() -> override_settings:
    """For the one call that is not answered at all: waiting long for it proves no more."""
    return override_settings(GATEWAY_TIMEOUT_S=0.5)


@dataclass(frozen=True)
class TryGateway:
    """The running gateway: what people, and who tries things, do there."""

    origin: str

    def pay(self, reference: str, number: str = PLAIN) -> requests.Response:
        return self.typed(reference, number=number)

    def typed(self, reference: str, **form: str) -> requests.Response:
        return requests.post(f"{self.origin}/pay/{reference}", data=form, timeout=LONGEST_S, allow_redirects=False)

    def fault(self, verb: str, fault: str, times: int = 1) -> None:
        self.order("_faults", verb=verb, fault=fault, times=times)

    def dispute(self, reference: str) -> None:
        self.order("_disputes", payment=reference)

    def close_dispute(self, reference: str, *, won: bool) -> None:
        self.order("_disputes", payment=reference, won=won)

    def end_refund(self, reference: str, *, arrives: bool) -> None:
        self.order("_refunds", payment=reference, arrives=arrives)

    def order(self, address: str, **asked: Any) -> None:
        requests.post(f"{self.origin}/{address}", json=asked, timeout=LONGEST_S).raise_for_status()

    def call(self, key: str, method: str, path: str, asked: Any = None, **headers: str) -> requests.Response:
        """As a shop with this key."""
        headers = {"Authorization": f"Bearer {key}"} | headers
        return requests.request(method, f"{self.origin}/v1/{path}", json=asked, headers=headers, timeout=LONGEST_S)

    def webhooks(self, reference: str) -> list[dict[str, Any]]:
        """All of a payment, signed now; nobody was sent them, unless its shop has an address that answers."""
        return requests.get(f"{self.origin}/_webhooks/{reference}", timeout=LONGEST_S).json()["data"]


@pytest.fixture(scope="session")
def running_gateway() -> Iterator[TryGateway]:
    port = free_port()
    command = [sys.executable, "-m", "shop.testgateway", "--port", str(port), "--pace", str(PACE)]
    server = subprocess.Popen(command, cwd=PROJECT)
    wait_for_port(port)
    yield TryGateway(f"http://127.0.0.1:{port}")
    server.terminate()
    server.wait(LONGEST_S)


@pytest.fixture
def gateway(running_gateway: TryGateway, settings: Any) -> TryGateway:
    settings.TEST_GATEWAY = running_gateway.origin
    return running_gateway


@dataclass(frozen=True)
class Till:
    """A store that is paid by the test gateway. Its scope is remembered, and no transaction of it is open."""

    merchant: Merchant
    store: Store
    key: str
    gateway: TryGateway

    def order(self, quantity: int = 1, **purchase: Any) -> Order:
        """One that waits for 10 each and 5 for delivery."""
        with own_scope():
            basket = a_basket(self.store, (a_product("Cup", self.store), quantity), owner=purchase.get("buyer"))
            return place_order(basket, a_purchase(self.store, **({"payment": "test_gateway"} | purchase)))

    def take_when_sent(self) -> None:
        """Let it set money aside, and take it when the goods are sent."""
        with own_scope():
            row = self.store.payment_methods.get(code="test_gateway")
            row.details["captures_later"] = True
            row.save()

    def begun(self, order: Order | None = None, *, network: str | None = None) -> GatewayPayment:
        """A payment that waits for its buyer at the gateway."""
        order = order or self.order()
        calls.start(order, "test_gateway", network=network)
        return self.payment(order)

    def paid(self, order: Order | None = None, number: str = PLAIN) -> GatewayPayment:
        """Paid at the gateway, of which we have not heard yet."""
        payment = self.begun(order)
        self.gateway.pay(payment.reference, number)
        return payment

    def payment(self, order: Order) -> GatewayPayment:
        with own_scope():
            return order.gateway_payments.select_related("order").first()

    def webhooks(self, payment: GatewayPayment) -> list[dict[str, Any]]:
        return self.gateway.webhooks(payment.reference)

    def tell(self, webhook: dict[str, Any], *, host: str = "", **changes: Any) -> Any:
        """Send a webhook to the store, as the gateway would."""
        told = webhook | changes
        client = Client(headers={"host": host or self.store.site.hostname})
        address = reverse("webhooks:receive", args=["test_gateway"])
        return client.post(address, told["body"], content_type="application/json", headers=told["headers"])

    def ledger(self, order: Order) -> list[tuple[str, str]]:
        """Kind and amount of what was noted, in no order that anybody promised."""
        with own_scope():
            return sorted((noted.kind, str(noted.amount)) for noted in order.transactions.all())

    def staff(self, role: str) -> tuple[Client, User]:
        """Somebody of this role, signed in at the store's dashboard."""
        with merchant_scope(self.merchant.pk):
            person = a_buyer(f"{role}@staff.example")
            grant_role(person, role, by=None)
            client = Client(headers={"host": self.store.site.hostname})
            client.force_login(person)
        return client, person

    def status(self, order: Order) -> str:
        with own_scope():
            return Order.objects.get(pk=order.pk).status


def open_till(merchant: Merchant, gateway: TryGateway) -> Till:
    key = f"sk_test_{merchant.slug}"
    with merchant_scope(merchant.pk):
        store = open_for_trade(Store.objects.select_related("site__root_page").get())
        details = {"secret_key": key, "webhook_secret": webhook_secret(key)}
        offer_method(store, "test_gateway", details=details, position=2)
    return Till(merchant, store, key, gateway)


@pytest.fixture
def till(aurora: Merchant, gateway: TryGateway) -> Iterator[Till]:
    till = open_till(aurora, gateway)
    with remembered_merchant(aurora.pk):
        yield till
