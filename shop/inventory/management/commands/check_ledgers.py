from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from shop.inventory.differences import differences
from shop.stores.management.merchants import merchants
from shop.stores.scope import merchant_scope


class Command(BaseCommand):
    help = (
        "Adds up each merchant's stock: what there is by its movements, what is allocated by the open allocations of "
        "order lines. Prints every difference, and exits with 1 where there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchant", metavar="SLUG", help="only this merchant's stock")

    def handle(self, *args: Any, **options: Any) -> None:
        found, count = merchants(options["merchant"]), 0
        for merchant in found:
            with merchant_scope(merchant.pk):
                for difference in differences():
                    count += 1
                    self.stdout.write(f"{merchant.slug} {difference}")
        self.stdout.write(f"{len(found)} merchants, {count} differences.")
        if count:
            raise CommandError("Some stock does not add up.")
