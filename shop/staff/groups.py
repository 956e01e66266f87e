"""The groups behind the roles, which Django's, Oscar's and Wagtail's permission checks look at.

A role has one group of what it may do anywhere, one for members of all stores, and one per store for members who are
limited to some. They are made when first needed, and brought in line with `roles.POWERS` after every migration.
"""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    GroupSitePermission,
    Page,
)

from shop.stores.models import Store

from .models import StaffMembership
from .roles import POWERS, Role

PREFIX = "staff: "


def groups_of(membership: StaffMembership) -> list[Group]:
    """The groups that this membership puts its user into, made as needed."""
    role, stores = Role(membership.role), list(membership.stores.select_related("site__root_page"))
    named = [role_group(role)]
    return [*named, *(store_group(role, store) for store in stores)] if stores else [*named, everywhere_group(role)]


def renew_groups() -> None:
    """Bring the groups of the merchant in scope in line with the declaration of the roles."""
    wanted = {(Role(m.role), store) for m in StaffMembership.objects.all() for store in [None, *m.stores.all()]}
    for role in {role for role, _ in wanted}:
        role_group(role)
        everywhere_group(role)
    for role, store in wanted:
        if store is not None:
            store_group(role, store)


def role_group(role: Role) -> Group:
    return _furnished(f"{PREFIX}{role}", POWERS[role].permissions)


def everywhere_group(role: Role) -> Group:
    powers = POWERS[role]
    settings = _settings_permissions() if powers.has_settings else frozenset()
    group = _furnished(f"{PREFIX}{role} in all stores", powers.everywhere | settings)
    if powers.pages:
        _grant_pages(group, Page.get_first_root_node(), powers.pages)
    if powers.collections:
        _grant_collection(group, Collection.get_first_root_node(), powers.collections)
    return group


def store_group(role: Role, store: Store) -> Group:
    powers = POWERS[role]
    group = _furnished(f"{PREFIX}{role} in store {store.pk}", frozenset())
    if powers.pages:
        _grant_pages(group, store.site.root_page, powers.pages)
    if powers.collections:
        _grant_collection(group, collection_of(store), powers.collections)
    if powers.has_settings:
        _grant_settings(group, store)
    return group


def collection_of(store: Store) -> Collection:
    """The folder of a store's own images and documents, made when first needed."""
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name=store.name).first()
    return found or root.add_child(instance=Collection(name=store.name))


def permissions_named(names: Iterable[str]) -> list[Permission]:
    """Those of these permissions, written `app.codename`, that there are."""
    by_app: dict[str, set[str]] = {}
    for name in names:
        app, codename = name.split(".")
        by_app.setdefault(app, set()).add(codename)
    chosen = Q(pk__in=[])
    for app, codenames in by_app.items():
        chosen |= Q(content_type__app_label=app, codename__in=codenames)
    return list(Permission.objects.filter(chosen))


def _furnished(name: str, permissions: frozenset[str]) -> Group:
    group, _ = Group.objects.get_or_create(name=name)
    group.permissions.set(permissions_named(permissions))
    return group


def _grant_pages(group: Group, page: Page, names: frozenset[str]) -> None:
    wanted = permissions_named(names)
    GroupPagePermission.objects.filter(group=group).exclude(page=page, permission__in=wanted).delete()
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def _grant_collection(group: Group, collection: Collection, names: frozenset[str]) -> None:
    wanted = permissions_named(names)
    GroupCollectionPermission.objects.filter(group=group).exclude(collection=collection, permission__in=wanted).delete()
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


def _grant_settings(group: Group, store: Store) -> None:
    for permission in permissions_named(_settings_permissions()):
        GroupSitePermission.objects.get_or_create(group=group, site=store.site, permission=permission)


def _settings_permissions() -> frozenset[str]:
    """To change every setting that a site has in the CMS."""
    settings = (model for model in apps.get_models() if issubclass(model, BaseSiteSetting))
    return frozenset(f"{model._meta.app_label}.change_{model._meta.model_name}" for model in settings)
