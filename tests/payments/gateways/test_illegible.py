"""A gateway whose answers make no sense."""

from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.order.statuses import OrderStatus
from shop.payments.gateways.models import CallState, GatewayCall, GatewayPayment
from shop.payments.gateways.polling import poll
from shop.payments.offers import payment_page
from shop.stores.scope import own_scope

pytestmark = pytest.mark.django_db


class Mad(BaseHTTPRequestHandler):
    answer = b"{}"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    do_GET = do_POST  # noqa: N815 - as the library calls it

    def log_message(self, *said):
        pass


@pytest.fixture
def mad():
    server = HTTPServer(("127.0.0.1", 0), Mad)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "answer", [b"{}", b'{"currency": 5}', b'{"currency": "GBP", "status": "odd"}', b'{"error": "x"}']
)
def test_who_pays_is_asked_to_try_again_and_the_call_is_made_again(till, mad, settings, monkeypatch, answer):
    order = till.order()
    settings.TEST_GATEWAY = mad
    monkeypatch.setattr(Mad, "answer", answer)

    page = Client(headers={"host": till.store.site.hostname}).post(payment_page(order))

    assert (page.status_code, "The payment service does not answer." in page.content.decode()) == (503, True)
    with own_scope():
        assert GatewayCall.objects.get().state == CallState.UNKNOWN


def test_who_comes_back_waits_and_the_poll_looks_at_others_first(till, mad, settings):
    payment, now = till.begun(), timezone.now()
    settings.TEST_GATEWAY = mad
    with own_scope():
        GatewayPayment.objects.update(look_at=now - timedelta(days=1))
    back = reverse("paying:return", args=[payment.order.number, payment.order.verification_hash()])

    page = Client(headers={"host": till.store.site.hostname}).get(back)

    assert (page.status_code, till.status(payment.order)) == (302, OrderStatus.AWAITING_PAYMENT)
    assert poll()["failed"] >= 1
    assert till.payment(payment.order).look_at > now
