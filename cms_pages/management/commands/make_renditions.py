from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core.management import BaseCommand

from cms_pages import photos
from shop.pictures import sweeping
from shop.pictures.actions import make_renditions
from shop.stores.management.merchants import merchants
from shop.stores.scope import remembered_merchant

EVERY = 25


class Command(BaseCommand):
    help = (
        "Makes the smaller pictures that are missing of products, categories and the library, each in a transaction of "
        "its own, and deletes those that nobody shows any more. It may run beside all else, and be ended any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchant", metavar="SLUG", help="only this merchant's pictures")

    def handle(self, *args: Any, **options: Any) -> None:
        for merchant in merchants(options["merchant"]):
            with remembered_merchant(merchant.pk):
                work = [*_work()]
                for number, make in enumerate(work, 1):
                    make()
                    if number % EVERY == 0 or number == len(work):
                        self.stdout.write(f"{merchant.slug}: {number} of {len(work)} pictures")
                orphans = sweeping.delete_orphans() + photos.delete_orphans()
                self.stdout.write(f"{merchant.slug}: {len(work)} pictures drawn, {orphans} orphans deleted.")


def _work() -> Iterator[Callable[[], object]]:
    """What is to be done, one picture each."""
    for model, pk in sweeping.undrawn():
        yield partial(make_renditions, model, pk)
    for image_id, specs in photos.unfinished_photos().items():
        yield partial(photos.make_photos, image_id, specs)
