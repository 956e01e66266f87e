"""What operators do: open merchants and stores, and visit merchants."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from shop.accounts import letters
from shop.accounts.actions import password_path
from shop.accounts.models import User
from shop.audit.actions import record
from shop.staff.actions import grant_role
from shop.staff.groups import permissions_named
from shop.staff.roles import Role
from shop.stores.actions import NewStore, close_store, open_merchant, open_store, reopen_store
from shop.stores.errors import HostTaken
from shop.stores.models import Merchant, Store, StoreHost
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope

from .errors import MerchantTaken

OPERATORS = "operators"

Partner, ProductClass = get_model("partner", "Partner"), get_model("catalogue", "ProductClass")


def create_operator(email: str, *, password: str | None = None) -> User:
    """Let somebody operate the platform. Without a password they choose one by a link (`password_path`)."""
    with merchant_scope(PLATFORM_MERCHANT_ID):
        group, _is_new = Group.objects.get_or_create(name=OPERATORS)
        group.permissions.set(permissions_named(["operators.use_console", "audit.view_auditentry"]))
        user = User.objects.filter(email=User.objects.normalize_email(email)).first()
        if user is None:
            user = User.objects.create_user(email, password)
        user.groups.add(group)
        record("operators.created", by=None, target=user)
    return user


@dataclass(frozen=True)
class NewMerchant:
    """A business with its first store and its owner."""

    name: str
    slug: str
    store: NewStore
    owner_email: str


@transaction.atomic
def open_merchant_with_store(new: NewMerchant, *, by: User | None) -> Merchant:
    """Open a business that can sell at once, and invite its owner. Raises `MerchantTaken`, `HostTaken`.

    Runs in the platform's scope; the owner's letter leaves after commit.
    """
    try:
        with transaction.atomic():
            merchant = open_merchant(new.name, slug=new.slug)
    except IntegrityError as error:
        raise MerchantTaken(f"Another merchant is called {new.slug!r}.") from error
    with merchant_scope(merchant.pk):
        store = _furnished_store(new.store)
        Partner.objects.create(name=new.name, code=new.slug)
        ProductClass.objects.create(name=_("Product"), slug="product")
        owner = User.objects.create_user(new.owner_email, None)
        grant_role(owner, Role.OWNER, by=None)
        record("operators.merchant_opened", by=None, actor_label=_label(by), target=merchant, store=store)
        _invite(owner, to=store, shop=new.name)
    record("operators.merchant_opened", by=by, target=merchant, host=new.store.host, owner=owner.email)
    return merchant


def open_another_store(merchant: Merchant, new: NewStore, *, by: User | None) -> Store:
    """Open one more store of a merchant. Raises `SlugTaken`, `HostTaken`."""
    with merchant_scope(merchant.pk):
        store = _furnished_store(new)
    _record_on_both_sides("operators.store_opened", merchant, store, by=by, host=new.host)
    return store


def close_store_of(merchant: Merchant, store: Store, *, by: User | None) -> None:
    with merchant_scope(merchant.pk):
        close_store(store)
    _record_on_both_sides("operators.store_closed", merchant, store, by=by)


def reopen_store_of(merchant: Merchant, store: Store, *, by: User | None) -> None:
    with merchant_scope(merchant.pk):
        reopen_store(store)
    _record_on_both_sides("operators.store_reopened", merchant, store, by=by)


def add_host(merchant: Merchant, store: Store, host: str, *, by: User | None) -> StoreHost:
    """Let the store answer under another name as well. Raises `HostTaken`."""
    try:
        with merchant_scope(merchant.pk):
            entry = StoreHost.objects.create(host=host, store=store, is_canonical=False)
    except IntegrityError as error:
        raise HostTaken(f"{host} is a store's address already.") from error
    _record_on_both_sides("operators.host_added", merchant, store, by=by, host=host)
    return entry


def _furnished_store(new: NewStore) -> Store:
    store = open_store(new)
    for path in settings.STORE_FURNISHERS:
        import_string(path)(store)
    store.site.refresh_from_db()
    return store


def _invite(owner: User, *, to: Store, shop: str) -> None:
    """From the new store itself: its own address is in the letter, and the link leads there."""
    letter = letters.Letter(
        _("%(shop)s is open") % {"shop": shop},
        (
            _("You are the owner of %(shop)s. Choose a password, then sign in to fill the store.") % {"shop": shop},
            _("The link works once, for three days; the sign-in page sends you a new one."),
        ),
        password_path(owner),
        _("Choose a password"),
    )
    letters.send_letter(letter, to=owner.email, origin=to.origin)


def _record_on_both_sides(action: str, merchant: Merchant, store: Store, *, by: User | None, **details: Any) -> None:
    record(action, by=by, target=store, merchant=merchant.slug, **details)
    with merchant_scope(merchant.pk):
        record(action, by=None, actor_label=_label(by), target=store, store=store, **details)


def _label(operator: User | None) -> str:
    """How a merchant's trail names an operator, whose account it can't point at."""
    return f"{operator.email} (operator)" if operator else "(operator)"
