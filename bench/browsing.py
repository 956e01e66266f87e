"""A visitor of a bench: keeps cookies, hands back tokens, and reads nothing but what it must."""

import http.client
import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlencode

ADDRESS = {
    **{"first_name": "Ada", "last_name": "Byron", "line1": "1 Canal Street", "line4": "London"},
    **{"postcode": "N1 9GU", "country": "GB"},
}
CSRF = "__Host-csrftoken"


class Visitor:
    """Somebody with a browser, in one store of a server on this machine."""

    def __init__(self, port: int, host: str) -> None:
        self.host, self.cookies = host, {CSRF: "a" * 32}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> str:
        """The page. Raises `AssertionError` for any answer but 200."""
        return self._ask("GET", path, 200)

    def post(self, path: str, fields: Mapping[str, object]) -> None:
        """Send a form that leads on to another page. Raises `AssertionError` where it does not."""
        self._ask("POST", path, 302, urlencode({**fields, "csrfmiddlewaretoken": self.cookies[CSRF]}))

    def _ask(self, method: str, path: str, expected: int, body: str | None = None) -> str:
        headers = {"Host": self.host, "X-Forwarded-Proto": "https", "Referer": f"https://{self.host}/"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        assert answer.status == expected, f"{method} {path}: {answer.status}\n{text[:2000]}"
        return text

    def add(self, product_id: int, quantity: int = 1) -> None:
        self.post(f"/basket/add/{product_id}/", {"quantity": quantity})

    def check_out(self) -> str:
        """From the basket to the last page, paying by transfer; gives what that page hands back."""
        self.post("/checkout/", {"email": "ada@example.com"})
        self.post("/checkout/shipping-address/", ADDRESS)
        self.post("/checkout/shipping-method/", {"method_code": "standard"})
        self.post("/checkout/payment-details/", {"payment": "bank_transfer"})
        found = re.search(r'name="agreed" value="(\w+)"', self.get("/checkout/preview/"))
        assert found is not None
        return found[1]

    def place(self, agreed: str) -> None:
        self.post("/checkout/preview/", {"agreed": agreed})

    def forget_basket(self) -> None:
        """As another visitor, over the same connection."""
        self.cookies = {CSRF: self.cookies[CSRF]}
