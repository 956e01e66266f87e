"""Sign-in by e-mail address within the merchant whose store it is."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from shop.stores.scope import scoped

from .models import User


class EmailBackend(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The active user of this address and password, or None. Takes as long where there is no such account."""
        email = username or kwargs.get("email")
        if not email or password is None:
            return None
        user = User.objects.filter(email=User.objects.normalize_email(email), stands_for_operator=False).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    get_user = scoped(ModelBackend.get_user)
    _get_permissions = scoped(ModelBackend._get_permissions)
