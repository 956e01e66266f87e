import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from shop.recommendations.actions import recompute, remind
from shop.stores.management.merchants import merchants
from shop.stores.models import Store
from shop.stores.scope import own_scope, remembered_merchant


class Command(BaseCommand):
    help = (
        "Computes what each store recommends: what is bought together, what is similar, what customers buy regularly; "
        "and reminds those for whom something is due, where the store wants that. To be run each night; "
        "it may be killed and begun again, and two at once do no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchant", metavar="SLUG", help="only this merchant's stores")
        parser.add_argument("--afresh", action="store_true", help="count all orders from nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        for merchant in merchants(options["merchant"]):
            with remembered_merchant(merchant.pk):
                with own_scope():
                    stores = list(Store.objects.order_by("pk"))
                for store in stores:
                    self.recommend(store, afresh=options["afresh"])

    def recommend(self, store: Store, *, afresh: bool) -> None:
        started = time.perf_counter()
        done = recompute(store, afresh=afresh)
        with own_scope():
            reminded = remind(store, today=timezone.localdate())
        seconds = time.perf_counter() - started
        self.stdout.write(
            f"{store.slug}: {done.orders} orders, {done.products} products, {reminded} reminded, {seconds:.1f} s"
        )
