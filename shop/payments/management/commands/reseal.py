from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.payments.actions import reseal_methods
from shop.payments.errors import SealBroken
from shop.stores.models import Merchant
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope


class Command(BaseCommand):
    help = (
        "Seals the keys of payment gateways anew with the first of SEALING_KEYS, so that the others can go. "
        "Exits with 1 where some cannot be opened."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with merchant_scope(PLATFORM_MERCHANT_ID):
            merchants = list(Merchant.objects.order_by("pk"))
        broken = [merchant.slug for merchant in merchants if not self._reseal(merchant)]
        if broken:
            raise CommandError(f"No key opens what was sealed for {', '.join(broken)}: name the older keys too.")

    def _reseal(self, merchant: Merchant) -> bool:
        try:
            with merchant_scope(merchant.pk):
                count = reseal_methods()
        except SealBroken:
            return False
        self.stdout.write(f"{merchant.slug}: {count} sealed anew.")
        return True
