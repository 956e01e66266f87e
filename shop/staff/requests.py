from django.http import HttpRequest

from shop.accounts.models import User
from shop.stores.models import Store


class StaffRequest(HttpRequest):
    """What a view gets that opens to permissions only: somebody is signed in, at a store."""

    user: User
    store: Store
