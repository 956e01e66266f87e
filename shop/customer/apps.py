from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from oscar.apps.customer import apps


class CustomerConfig(apps.CustomerConfig):
    name = "shop.customer"

    def ready(self) -> None:
        super().ready()
        from . import receivers  # noqa: F401 - they connect themselves

    def get_url_decorator(self, pattern: URLPattern) -> Callable[..., Any]:
        """What is somebody's own is kept in no cache, the browser's included."""
        return never_cache

    def get_urls(self) -> list[URLPattern]:
        """Oscar's, but these two count wrong passwords, so they hold no transaction."""
        from .account_views import change_password, delete_account

        own = [
            path("change-password/", change_password, name="change-password"),
            path("profile/delete/", delete_account, name="profile-delete"),
        ]
        names = {url.name for url in own}
        return [*own, *(url for url in super().get_urls() if url.name not in names)]
