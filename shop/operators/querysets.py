"""What the platform's scope may read of all merchants: themselves, their stores, and the hosts."""

from dataclasses import dataclass, field

from shop.stores.models import Merchant, Store, StoreHost
from shop.stores.scope import PLATFORM_MERCHANT_ID


@dataclass(frozen=True)
class OverseenStore:
    store: Store
    hosts: list[str]


@dataclass(frozen=True)
class OverseenMerchant:
    merchant: Merchant
    stores: list[OverseenStore] = field(default_factory=list)

    @property
    def hosts(self) -> list[str]:
        return [host for entry in self.stores for host in entry.hosts]


def overseen_merchants(merchant_id: int | None = None) -> list[OverseenMerchant]:
    """Every merchant but the platform, or one, with stores and hosts, in three queries. In the platform's scope."""
    merchants = Merchant.objects.exclude(pk=PLATFORM_MERCHANT_ID)
    stores, hosts = Store.objects.all(), StoreHost.objects.filter(store__isnull=False)
    if merchant_id is not None:
        merchants = merchants.filter(pk=merchant_id)
        stores, hosts = stores.filter(merchant_id=merchant_id), hosts.filter(merchant_id=merchant_id)
    hosts_of: dict[int, list[str]] = {}
    for store_id, host in hosts.order_by("-is_canonical", "host").values_list("store_id", "host"):
        hosts_of.setdefault(store_id, []).append(host)
    stores_of: dict[int, list[OverseenStore]] = {}
    for store in stores:
        stores_of.setdefault(store.merchant_id, []).append(OverseenStore(store, hosts_of.get(store.pk, [])))
    return [OverseenMerchant(merchant, stores_of.get(merchant.pk, [])) for merchant in merchants]
