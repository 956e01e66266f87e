from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from shop.accounts.throttle import forget_old_attempts
from shop.stores.querysets import all_merchants
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope

KEPT = timedelta(days=2)  # the longest that a limit remembers is one


class Command(BaseCommand):
    help = "Sweeps up attempts to sign in that no limit remembers any longer. To be run daily."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = 0
        for merchant_id in [PLATFORM_MERCHANT_ID, *(merchant.pk for merchant in all_merchants())]:
            with merchant_scope(merchant_id):
                swept += forget_old_attempts(before=timezone.now() - KEPT)
        self.stdout.write(f"{swept} forgotten.")
