"""Somebody with a browser, in one store."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from shop.catalogue.models import Product
from shop.stores.models import Store

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Byron",
    "line1": "1 Canal Street",
    "line4": "London",
    "postcode": "N1 9GU",
    "country": "GB",
}


class Shopper:
    """Walks through the pages; each step gives the answer."""

    def __init__(self, store: Store, *, signed_in_as: Any = None) -> None:
        self.client = Client(headers={"host": store.site.hostname})
        if signed_in_as:
            self.client.force_login(signed_in_as)

    def get(self, name: str, **kwargs: Any) -> HttpResponse:
        return self.client.get(reverse(name, **kwargs))

    def post(self, name: str, data: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return self.client.post(reverse(name, **kwargs), data)

    def add(self, product: Product, quantity: int = 1) -> HttpResponse:
        return self.post("basket:add", {"quantity": quantity}, kwargs={"pk": product.pk})

    def come_as_guest(self, email: str = "ada@example.com") -> HttpResponse:
        return self.post("checkout:index", {"email": email})

    def ship_to(self, **changes: str) -> HttpResponse:
        return self.post("checkout:shipping-address", ADDRESS | changes)

    def pay_by(self, code: str = "bank_transfer") -> HttpResponse:
        self.get("checkout:shipping-method")
        return self.post("checkout:payment-details", {"payment": code})

    def agreed(self) -> str:
        """What the preview page would hand back."""
        page = self.get("checkout:preview")
        assert page.status_code == 200, page
        return re.search(r'name="agreed" value="(\w+)"', page.content.decode())[1]

    def place(self, agreed: str | None = None) -> HttpResponse:
        return self.post("checkout:preview", {"agreed": agreed or self.agreed()})

    def walk_to_preview(self, *products: Product) -> None:
        for product in products:
            self.add(product)
        self.come_as_guest()
        self.ship_to()
        self.pay_by()

    def messages(self) -> list[str]:
        """What the next page tells."""
        page = self.get("basket:summary").content.decode()
        return [unescape(text) for text in re.findall(r'<div class="alert__body"><p>(.*?)</p>', page)]


def leads_to(response: HttpResponse, name: str) -> bool:
    """Whether this is a redirect to that page."""
    return response.status_code == 302 and response["Location"] == reverse(name)
