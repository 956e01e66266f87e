"""The row locks of payments. The caller is in a transaction."""

from django.db.models import QuerySet

from shop.stores.models import Store

from .models import StorePaymentMethod


def sealed_methods() -> QuerySet[StorePaymentMethod]:
    """Those of all stores that have secrets."""
    return StorePaymentMethod.objects.exclude(sealed="").order_by("pk").select_for_update(of=("self",), no_key=True)


def methods_of(store: Store) -> QuerySet[StorePaymentMethod]:
    """A store's methods, whose store is locked: of two who offer the same one first, the second changes it."""
    Store.objects.select_for_update(of=("self",), no_key=True).get(pk=store.pk)
    return StorePaymentMethod.objects.filter(store=store).order_by("pk")
