"""People who write pages."""

from django.test import Client

from shop.accounts.models import User
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.models import Store


def editor(*stores: Store, email: str = "edith@example.com", role: Role = Role.EDITOR) -> User:
    """An editor of these stores; of all that the merchant has, if none is named."""
    user = User.objects.create_user(email, "correct horse battery")
    grant_role(user, role, by=None, stores=stores)
    return user


def signed_in(user: User, *, host: str = "aurora.example") -> Client:
    client = Client(headers={"host": host})
    client.force_login(user)
    return client
