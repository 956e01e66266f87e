"""The platform host's addresses: the operators' console and their sign-in."""

from django.urls import include, path

from shop.accounts.urls import everywhere as accounts
from shop.accounts.urls import passwords
from shop.operators.urls import console

urlpatterns = [
    path("", include((accounts, "accounts"))),
    *passwords,
    *console,
]
