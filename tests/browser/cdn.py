"""A CDN as docs/features/pages.md has it configured: keeps what it may, for as long as it may, but for who shows a
cookie of somebody's.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic
from typing import NamedTuple

PASSED_BY = {"sessionid", "currency", "viewing"}
OF_A_HOP = {"connection", "transfer-encoding", "keep-alive", "date", "server"}


class Copy(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    until: float = 0.0


@contextmanager
def cdn(port: int, *, behind: int) -> Iterator[None]:
    """On a port of loopback, before the server that listens `behind`."""
    copies: dict[tuple[str, str], Copy] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if PASSED_BY & SimpleCookie(self.headers.get("Cookie", "")).keys():
                return self.answer(self.fetched(), "pass")
            key = (self.headers["Host"], self.path)
            if (copy := copies.get(key)) and copy.until > monotonic():
                return self.answer(copy, "hit")
            copies[key] = self.fetched()
            return self.answer(copies[key], "miss")

        def do_POST(self) -> None:
            self.answer(self.fetched(), "pass")

        def fetched(self) -> Copy:
            server = HTTPConnection("127.0.0.1", behind, timeout=60)
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.request(self.command, self.path, sent, dict(self.headers.items()))
            answer = server.getresponse()
            headers = [each for each in answer.getheaders() if each[0].lower() not in OF_A_HOP | {"content-length"}]
            may = re.search(r"public.*s-maxage=(\d+)", answer.headers.get("Cache-Control", ""))
            until = monotonic() + int(may[1]) if may and answer.status == 200 else 0.0
            copy = Copy(answer.status, headers, answer.read(), until)
            server.close()
            return copy

        def answer(self, copy: Copy, result: str) -> None:
            self.send_response(copy.status)
            for name, value in [*copy.headers, ("X-Cdn", result), ("Content-Length", str(len(copy.body)))]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(copy.body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()
