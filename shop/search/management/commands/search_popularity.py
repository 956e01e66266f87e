from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from shop.search.popularity import reckon
from shop.stores.management.merchants import merchants
from shop.stores.scope import remembered_merchant


class Command(BaseCommand):
    help = "Reckons anew how popular each product is, by which searches rank. To be run each night."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchant", metavar="SLUG", help="only this merchant's products")

    def handle(self, *args: Any, **options: Any) -> None:
        for merchant in merchants(options["merchant"]):
            with remembered_merchant(merchant.pk):
                done = max(reckon(), default=0)
            self.stdout.write(f"{merchant.slug}: {done} products have moved.")
