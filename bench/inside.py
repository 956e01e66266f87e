"""One process that answers as a worker of the production server does, and tells what each answer costs it.

    python -m bench.inside < asked.json

Reads `{"host": ..., "pages": {kind: [address, ...]}, "added": [product id, ...]}` and writes, for each kind, the
statements and the milliseconds of each part of the application (`sections.py`), each the mean of all answers.
"""

import io
import json
import sys
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import django
from django.conf import settings

from bench import sections
from bench.browsing import CSRF
from config import memory, threads
from config.handler import Handler

ADD = "add to basket"


class Asker:
    """Asks a WSGI application as the server does."""

    def __init__(self, host: str) -> None:
        self.application = Handler()
        self.host, self.cookies = host, {CSRF: "a" * 32}

    def get(self, path: str) -> None:
        self._ask("GET", path, b"")

    def add(self, product_id: int) -> None:
        self._ask(
            "POST",
            f"/basket/add/{product_id}/",
            urlencode({"quantity": 1, "csrfmiddlewaretoken": self.cookies[CSRF]}).encode(),
        )

    def forget_basket(self) -> None:
        self.cookies = {CSRF: self.cookies[CSRF]}

    def _ask(self, method: str, path: str, body: bytes) -> None:
        answered: list[Any] = []
        for _ in self.application(self._environ(method, path, body), lambda *answer: answered.append(answer)):
            pass
        ((status, headers),) = answered
        assert status[:3] in ("200", "302"), f"{path}: {status}"
        for name, value in headers:
            if name.lower() == "set-cookie":
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(value).items()}

    def _environ(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        address, _, query = path.partition("?")
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": self.host,
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_REFERER": f"https://{self.host}/",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


def mean_of(asks: Iterable[Callable[[], None]]) -> dict[str, float]:
    """Asked twice: the first time fills the process's caches."""
    asks = list(asks)
    for _ in range(2):
        sections.spent.clear()
        sections.statements.clear()
        for ask in asks:
            ask()
    return {"statements": len(sections.statements) / len(asks)} | {
        name: milliseconds / len(asks) for name, milliseconds in sections.spent.items()
    }


def main() -> None:
    asked = json.load(sys.stdin)
    django.setup()
    settings.MIDDLEWARE = sections.around(settings.MIDDLEWARE)
    threads.keep_locals()
    asker = Asker(asked["host"])
    memory.keep_what_is_loaded()
    sections.watch_queries()
    found = {
        kind: mean_of(lambda path=path: asker.get(path) for path in paths) for kind, paths in asked["pages"].items()
    }

    def add(number: int) -> None:
        if number % 5 == 0:
            asker.forget_basket()
        asker.add(asked["added"][number])

    found[ADD] = mean_of(lambda number=number: add(number) for number in range(len(asked["added"])))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
