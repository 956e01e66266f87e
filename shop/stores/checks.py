"""What must hold before anything is served; run by `manage.py check --database default`."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from wagtail.models import Site

from . import tenancy
from .catalog import read_tables, read_views
from .models import Merchant, Store
from .scope import PLATFORM_MERCHANT_ID, merchant_scope
from .themes import installed_themes


@register(Tags.database)
def tenancy_holds(databases: list[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    return list(_problems()) if databases and "default" in databases else []


@register(Tags.database)
def stores_can_be_served(databases: list[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    if not databases or "default" not in databases or not _has_stores():
        return []
    return [*_unknown_themes(), *_sites_without_store()]


def _has_stores() -> bool:
    return Store._meta.db_table in connections["default"].introspection.table_names()


def _unknown_themes() -> Iterator[CheckMessage]:
    """A store whose theme was taken away could show no page."""
    with merchant_scope(PLATFORM_MERCHANT_ID):
        named = list(Store.objects.order_by("pk").values_list("slug", "theme"))  # no column that is still to come
    for slug, theme in named:
        if theme not in installed_themes():
            known = ", ".join(sorted(installed_themes()))
            yield Error(f"The theme {theme!r} of the store {slug} is not installed.", hint=known, id="stores.E006")


def _sites_without_store() -> Iterator[CheckMessage]:
    """A site that is no store's is answered on no host."""
    with merchant_scope(PLATFORM_MERCHANT_ID):
        merchants = list(Merchant.objects.exclude(pk=PLATFORM_MERCHANT_ID).values_list("pk", "slug"))
    for pk, slug in merchants:
        with merchant_scope(pk):
            hosts = list(Site.objects.filter(store=None).values_list("hostname", flat=True))
        for host in hosts:
            yield Error(f"The site {host} of {slug} belongs to no store.", id="stores.E007")


def _problems() -> Iterator[CheckMessage]:
    connection, role = connections["default"], tenancy.runtime_role()
    with connection.cursor() as cursor:
        tables, views = read_tables(cursor, role=role), read_views(cursor, role=role)
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() != (False,):
            yield Error(f"The application's role {role} looks past row security.", id="stores.E003")
    if unknown := tenancy.unclassified(tables):
        names = ", ".join(sorted(unknown))
        yield Error(
            f"Nobody said whose rows these tables hold: {names}.", hint="shop/stores/tenancy.py", id="stores.E001"
        )
    elif tables and (pending := tenancy.pending(connection)):
        yield Error(
            f"The database is not as the tenancy plan has it; {len(pending)} statements are missing.",
            hint="manage.py migrate",
            id="stores.E002",
        )
    if owned := sorted(table.name for table in tables.values() if table.owner == role):
        yield Error(f"The application's role {role} owns {', '.join(owned)}.", id="stores.E004")
    for name, view in views.items():
        is_safe = tenancy.is_scoped(view) if name in tenancy.SCOPED_VIEWS else not view.privileges
        if not is_safe or name not in tenancy.VIEWS | tenancy.SCOPED_VIEWS:
            yield Error(f"The view {name} has no row security.", hint="shop/stores/tenancy.py, VIEWS", id="stores.E005")
