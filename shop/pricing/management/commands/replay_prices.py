from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_current_timezone, make_aware

from shop.pricing.replays import Replay, replay_orders
from shop.stores.management.merchants import merchants
from shop.stores.scope import merchant_scope


class Command(BaseCommand):
    help = (
        "Reckons the prices of stored orders anew from their receipts, and reports every difference. "
        "Exits with 1 where there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=moment, metavar="DATE", help="only orders placed from then on")
        parser.add_argument("--merchant", metavar="SLUG", help="only this merchant's orders")

    def handle(self, *args: Any, **options: Any) -> None:
        total = Replay()
        for merchant in merchants(options["merchant"]):
            with merchant_scope(merchant.pk):
                for difference in replay_orders(since=options["since"], into=total):
                    self.stdout.write(f"{merchant.slug} {difference}")
        self.stdout.write(
            f"{total.lines} lines of {total.orders} orders replayed, {total.without} more have no receipt: "
            f"{total.differences} differences."
        )
        if total.differences:
            raise CommandError("Some prices are not what their receipts say.")


def moment(text: str) -> datetime:
    """Of a date (its beginning) or a time. Raises `ValueError`."""
    found = parse_datetime(text) or parse_date(text)
    if found is None:
        raise ValueError(f"{text} is no date")
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day)
    return found if found.tzinfo else make_aware(found, get_current_timezone())
