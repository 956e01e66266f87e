"""What a visitor looked at of late, in a cookie that a store can do without."""

import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from oscar.apps.customer import history

from shop.consent.choices import is_allowed
from shop.stores.fields import LARGEST_ID

FORMAT = re.compile(r"\[[1-9][0-9]{0,18}(, [1-9][0-9]{0,18})*\]")


class CustomerHistoryManager(history.CustomerHistoryManager):
    @classmethod
    def extract(cls, request: HttpRequest, response: HttpResponse | None = None) -> list[int]:
        """Keys that products may have, each once, what was seen last at the end; of a cookie that we did not write,
        none."""
        told = request.COOKIES.get(cls.cookie_name, "")
        ids = json.loads(told) if FORMAT.fullmatch(told) else []
        return list(dict.fromkeys(pk for pk in ids if pk <= LARGEST_ID))[-cls.max_products :]

    @classmethod
    def update(cls, product: Any, request: HttpRequest, response: HttpResponse) -> None:
        """Where the store has to ask, only for who has agreed; of who has not any more, what was kept goes."""
        if is_allowed(request):
            super().update(product, request, response)
        elif cls.cookie_name in request.COOKIES:
            response.delete_cookie(cls.cookie_name)


def has_history(request: HttpRequest) -> bool:
    """Whether the visitor may have seen something: that there is a cookie says so, whatever is in it."""
    return is_allowed(request) and bool(request.COOKIES.get(CustomerHistoryManager.cookie_name))


def seen_of_late(request: HttpRequest) -> list[int]:
    """Products by their keys, what was seen last first; anybody may have written them into their cookie."""
    return CustomerHistoryManager.extract(request)[::-1] if is_allowed(request) else []
