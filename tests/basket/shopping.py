"""Shoppers with a browser of their own, for tests of baskets."""

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client

from shop.basket.models import Basket
from shop.catalogue.models import Product


def a_shopper(store: str = "aurora") -> Client:
    return Client(headers={"host": f"{store}.example"})


def put_in(shopper: Client, product: Product, quantity: object = 1, **fields: object) -> HttpResponse:
    return shopper.post(f"/basket/add/{product.pk}/", {"quantity": quantity} | fields)


def said(response: HttpResponse) -> list[str]:
    """The messages that the request left for the next page."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def content(basket: Basket | None = None) -> dict[str, int]:
    """What is in a basket, or in the only one there is: the titles and the quantities."""
    basket = basket or Basket.objects.get()
    return {line.product.get_title(): line.quantity for line in basket.lines.all()}
