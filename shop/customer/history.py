"""What a visitor looked at of late, in a cookie that a store can do without."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from oscar.apps.customer import history

from shop.consent.choices import is_allowed


class CustomerHistoryManager(history.CustomerHistoryManager):
    @classmethod
    def update(cls, product: Any, request: HttpRequest, response: HttpResponse) -> None:
        """Where the store has to ask, only for who has agreed; of who has not any more, what was kept goes."""
        if is_allowed(request):
            super().update(product, request, response)
        elif cls.cookie_name in request.COOKIES:
            response.delete_cookie(cls.cookie_name)
