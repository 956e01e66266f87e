"""The two roles of the database: the application's, which owns nothing, and the owner's, which migrates."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from .scope import PLATFORM_MERCHANT_ID, SETTING


@contextmanager
def owner_connection(database: str | None = None) -> Iterator[None]:
    """Let `default` be the owner of the tables meanwhile, writing for the platform unless a scope says otherwise.

    The alias stays the same because the migrations of packages name none. Raises `ImproperlyConfigured`.
    """
    if not settings.DATABASE_OWNER:
        raise ImproperlyConfigured("DATABASE_OWNER_URL must name the role that owns the tables to change the schema.")
    runtime = connections["default"]
    owner = connections.create_connection("default")
    owner.settings_dict = {
        **runtime.settings_dict,
        **settings.DATABASE_OWNER,
        "NAME": database or runtime.settings_dict["NAME"],
        "OPTIONS": {**settings.DATABASE_OWNER["OPTIONS"], "options": f"-c {SETTING}={PLATFORM_MERCHANT_ID}"},
    }
    connections["default"] = owner
    try:
        yield
    finally:
        owner.close()
        connections["default"] = runtime
