import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import close_old_connections

from shop.search.contract import Away
from shop.search.models import Feed
from shop.search.opensearch.feeding import forget, rebuild, send_changes
from shop.stores.management.merchants import merchants
from shop.stores.models import Merchant
from shop.stores.scope import own_scope, remembered_merchant


class Command(BaseCommand):
    help = (
        "Tells the OpenSearch that SEARCH_URL names what has changed; with --rebuild everything, into a new index, "
        "while the old one answers. Without SEARCH_URL it stops noting what changes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="everything anew")
        parser.add_argument("--merchant", metavar="SLUG", help="only this merchant's products")
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on for ever, with this pause")

    def handle(self, *args: Any, **options: Any) -> None:
        is_whole = self.round(options["merchant"], self.anew if options["rebuild"] else self.changes)
        if not is_whole and not options["every"]:
            raise CommandError("OpenSearch did not take everything: run it again.")
        while options["every"]:
            time.sleep(options["every"])
            close_old_connections()
            self.round(options["merchant"], self.changes)

    def round(self, slug: str | None, feed: Any) -> bool:
        """Whether each merchant's products were taken; those of one that were not stand in nobody's way."""
        is_whole = True
        for merchant in merchants(slug):
            with remembered_merchant(merchant.pk):
                try:
                    feed(merchant) if settings.SEARCH_URL else forget()
                except Away as reason:
                    is_whole = False
                    self.stderr.write(f"{merchant.slug}: OpenSearch is away ({reason}).")
        return is_whole

    def anew(self, merchant: Merchant) -> None:
        for done in rebuild():
            self.stdout.write(f"{merchant.slug}: {done} products.")
        self.changes(merchant)

    def changes(self, merchant: Merchant) -> None:
        with own_scope():
            is_fed = Feed.objects.exists()
        if is_fed and (told := send_changes()):
            self.stdout.write(f"{merchant.slug}: told of {told} changed products.")
