import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management import BaseCommand
from django.db import close_old_connections

from shop.payments.gateways.polling import poll
from shop.stores.querysets import all_merchants
from shop.stores.scope import remembered_merchant
from shop.webhooks.waiting import apply_all_waiting

DONE = {
    "calls": ("%d call made again", "%d calls made again"),
    "closed": ("%d order closed that nobody paid", "%d orders closed that nobody paid"),
    "expired": ("%d payment given up by its buyer", "%d payments given up by their buyers"),
    "failed": ("%d step failed", "%d steps failed"),
    "forgotten": ("%d call never answered", "%d calls never answered"),
    "looks": ("%d payment looked at", "%d payments looked at"),
    "settled": ("%d order settled", "%d orders settled"),
    "webhooks": ("%d webhook applied that waited", "%d webhooks applied that waited"),
}
"""How much was done of what, for one and for several."""


class Command(BaseCommand):
    help = (
        "Asks the gateways how payments stand, makes calls again that got no answer, gives back what is too much, takes"
        " what is due, and reminds of orders that nobody paid, or cancels them. To be run every minute, or once with"
        " --every."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on for ever, with this pause")

    def handle(self, *args: Any, **options: Any) -> None:
        self.round()
        while options["every"]:
            time.sleep(options["every"])
            close_old_connections()
            self.round()

    def round(self) -> None:
        done = Counter[str]()
        for merchant in all_merchants():
            with remembered_merchant(merchant.pk):
                done += poll()
                done["webhooks"] += apply_all_waiting()
        told = [DONE[name][count > 1] % count for name, count in sorted(done.items()) if count]
        if told:
            self.stdout.write(f"Gateways were asked how payments stand: {', '.join(told)}.")
