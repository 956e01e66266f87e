"""The gateway over HTTP: `/pay/` for people, `/_…` for who tries things, the rest for shops in their dialects."""

import json
import re
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from . import pages
from .books import NEEDS_ACTION, PAYABLE, Payment
from .dialects.contract import Call, Dialect, Request
from .errors import Refusal, not_found, told_of
from .gateway import Gateway

LARGEST_BODY = 64 * 1024
SILENCE_S = 60.0
"""How long a call that times out is held: longer than any client waits."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
PAGE = re.compile(r"/pay/(\w+)")


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], gateway: Gateway) -> None:
        super().__init__(address, Handler)
        self.gateway = gateway


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 120

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what it does is in its books."""

    def do_GET(self) -> None:
        self.answer(self.get)

    def do_POST(self) -> None:
        self.answer(self.post)

    def answer(self, work: Callable[[str], None]) -> None:
        try:
            work(urlsplit(self.path).path)
        except Refusal as refusal:
            self.reply(refusal.status, told_of(refusal))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def get(self, path: str) -> None:
        gateway = self.server.gateway
        if path == "/":
            return self.show(pages.home_page())
        if match := PAGE.fullmatch(path):
            return self.show(self.page_of(gateway.books.shown(match[1])))
        if path.startswith("/_webhooks/"):
            return self.reply(200, {"data": gateway.webhooks_of(path.removeprefix("/_webhooks/"))})
        return self.called(path, b"")

    @staticmethod
    def page_of(payment: Payment) -> str:
        if payment.status == NEEDS_ACTION:
            return pages.challenge_page(payment)
        return pages.card_page(payment) if payment.status in PAYABLE else pages.over_page(payment)

    def post(self, path: str) -> None:
        body = self.body()
        if match := PAGE.fullmatch(path):
            return self.typed(match[1], body)
        if path in ("/_faults", "/_disputes", "/_refunds"):
            return self.ordered(path, json.loads(body or b"{}"))
        return self.called(path, body)

    def called(self, path: str, body: bytes) -> None:
        """By a shop, in the dialect that knows the address."""
        gateway = self.server.gateway
        headers = {name.title(): value for name, value in self.headers.items()}
        request = Request(self.command, path, dict(parse_qsl(urlsplit(self.path).query)), body, headers)
        for dialect in gateway.dialects.values():
            try:
                call = dialect.call(request, gateway)
            except Refusal as refusal:
                return self.reply(refusal.status, dialect.refused(refusal))
            if call:
                return self.carry_out(call, dialect)
        raise not_found("page")

    def carry_out(self, call: Call, dialect: Dialect) -> None:
        """Unless something was ordered to go wrong, before it or after."""
        gateway = self.server.gateway
        fault = gateway.next_fault(call.verb)
        if fault == "timeout_before":
            return self.say_nothing()
        if fault == "unavailable":
            return self.reply(503, {"error": {"code": "unavailable", "message": "Come back later."}})
        status, told = gateway.once(call.account, call.key, call.asked, call.work, dialect.refused)
        if fault == "timeout_after":
            return self.say_nothing()
        if fault == "garbage":
            return self.send(200, b"<html>Bad gateway</html>", "text/html")
        return self.reply(status, told)

    def typed(self, payment_id: str, body: bytes) -> None:
        """Somebody sent the form of a page."""
        gateway = self.server.gateway
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        try:
            if "answer" in form:
                payment = gateway.answer_3ds(payment_id, proven=form["answer"] == "yes")
            else:
                payment = gateway.pay(payment_id, form.get("number", ""))
        except Refusal:
            payment = gateway.books.shown(payment_id)
        if payment.status in PAYABLE:
            return self.show(self.page_of(payment))
        self.send_response(303)
        self.send_header("Location", pages.way_back(payment, payment.status))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def ordered(self, path: str, asked: dict[str, Any]) -> None:
        """What somebody who tries things wants to happen."""
        gateway = self.server.gateway
        if path == "/_faults":
            gateway.order_fault(asked["verb"], asked["fault"], int(asked.get("times", 1)))
            return self.reply(200, {})
        payment = gateway.books.shown(asked["payment"])
        if path == "/_refunds":
            gateway.do(lambda: gateway.books.end_refund(payment, arrives=asked["arrives"]))
        elif "won" in asked:
            gateway.do(lambda: gateway.books.close_dispute(payment, won=asked["won"]))
        else:
            gateway.do(lambda: gateway.books.dispute(payment))
        return self.reply(200, payment.public())

    def body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            raise Refusal("too_large", "The body is too large.", status=413)
        return self.rfile.read(length)

    def say_nothing(self) -> None:
        self.close_connection = True
        time.sleep(SILENCE_S)

    def reply(self, status: int, told: Any) -> None:
        self.send(status, json.dumps(told).encode(), "application/json")

    def show(self, page: str) -> None:
        self.send(200, page.encode(), "text/html; charset=utf-8")

    def send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header(
            "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        )
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(content)
