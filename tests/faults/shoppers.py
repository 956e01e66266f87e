"""People who order while things break. Each goes on from where an error left them, as people do, and remembers what the
shop has told them.
"""

import http.client
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from urllib.parse import urlsplit

import requests

from bench.browsing import ADDRESS, CSRF, Visitor

from .installation import HOST

PATIENCE = 40
"""So often a step is tried again, with a pause between that grows to a second."""
CARD = "4242424242424242"
TROUBLE = (AssertionError, OSError, http.client.HTTPException, requests.RequestException)


@dataclass
class Told:
    """What the shop has said to one buyer."""

    email: str
    payment: str
    is_placed: bool = False
    is_paid: bool = False
    is_cancelled: bool = False


class GaveUp(Exception):
    """The shop did not answer for too long."""


class Shopper(Visitor):
    def __init__(self, port: int, email: str, dice: random.Random, over: Event) -> None:
        super().__init__(port, f"{HOST}:{port}")
        self.dice, self.over, self.port = dice, over, port
        self.told = Told(email, dice.choice(["bank_transfer", "test_gateway", "test_gateway"]))

    def again(self, step: Callable[[], str | None]) -> str:
        """The answer of a step that may have to be taken more than once. Raises `GaveUp`."""
        for attempt in range(PATIENCE):
            try:
                return step() or ""
            except TROUBLE:
                self.connection.close()
                self.over.wait(min(1.0, 0.05 * 2**attempt))
        raise GaveUp

    def buy(self, product: int) -> None:
        """One of it: order, pay, and perhaps think better of it. Raises `GaveUp`."""
        self.again(lambda: self.add(product))
        agreed = self.again(self.walk)
        page = self.again(lambda: self.placed(agreed))
        self.told.is_placed = True
        if self.told.payment == "test_gateway" and (link := re.search(r'href="(/pay/[^"]+)"', page)):
            self.again(lambda: self.pay(link[1]))
            self.told.is_paid = True
        if self.dice.random() < 0.3 and (link := re.search(r'href="([^"]*/order-status/[^"]+)"', page)):
            path = urlsplit(link[1]).path
            self.told.is_cancelled = "Your order is cancelled." in self.again(lambda: self.cancel(path))

    def walk(self) -> str:
        self.post("/checkout/", {"email": self.told.email})
        self.post("/checkout/shipping-address/", ADDRESS)
        self.post("/checkout/shipping-method/", {"method_code": "standard"})
        self.post("/checkout/payment-details/", {"payment": self.told.payment})
        found = re.search(r'name="agreed" value="(\w+)"', self.get("/checkout/preview/"))
        assert found is not None
        return found[1]

    def placed(self, agreed: str) -> str:
        """Sent again where the answer was lost: it must not be a second order."""
        self.post("/checkout/preview/", {"agreed": agreed})
        return self.get("/checkout/thank-you/")

    def cancel(self, path: str) -> str:
        """What the shop says to that: an order that somebody looks at isn't cancelled by its buyer."""
        self.post(path, {"action": "cancel"})
        return self.get(path)

    def pay(self, path: str) -> None:
        """On the gateway's page; half of the buyers come back to the shop, of the others it hears by webhook."""
        token = {"csrfmiddlewaretoken": self.cookies[CSRF]}
        answer = requests.post(
            f"http://127.0.0.1:{self.port}{path}", data=token, headers=self.headers(), allow_redirects=False, timeout=30
        )
        assert answer.status_code == 302, answer.status_code
        there = answer.headers["Location"]
        if urlsplit(there).hostname != "127.0.0.1":
            return  # paid already: the answer of an earlier try was lost
        back = requests.post(there, data={"number": CARD}, allow_redirects=False, timeout=30)
        assert back.status_code in (200, 303), back.status_code
        if self.dice.random() < 0.5 and back.status_code == 303:
            self._ask("GET", urlsplit(back.headers["Location"])._replace(scheme="", netloc="").geturl(), 302)

    def headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        behind_a_proxy = {"X-Forwarded-Proto": "https", "Referer": f"https://{self.host}/"}
        return {"Host": self.host, "Cookie": cookies, **behind_a_proxy}


class Crowd:
    """So many at once, each buyer once, until told that it is enough."""

    def __init__(self, port: int, products: list[int], *, at_once: int, seed: int) -> None:
        self.port, self.products, self.over = port, products, Event()
        self.told: list[Told] = []
        self.gave_up = 0
        self.threads = [Thread(target=self.shop, args=(seed * 1000 + n,), daemon=True) for n in range(at_once)]
        for thread in self.threads:
            thread.start()

    def shop(self, seed: int) -> None:
        dice, number = random.Random(seed), 0
        while not self.over.is_set():
            shopper = Shopper(self.port, f"buyer-{seed}-{number}@example.com", dice, self.over)
            self.told.append(shopper.told)
            number += 1
            try:
                shopper.buy(dice.choice(self.products))
            except GaveUp:
                self.gave_up += 1
            finally:
                shopper.connection.close()

    def has_paid(self) -> bool:
        """Whether anybody has paid at the gateway yet: on a slow machine the kills may be over before."""
        return any(one.is_paid for one in list(self.told))

    def end(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(120)
