from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from shop.search.postgresql.rebuilding import batches
from shop.stores.management.merchants import merchants
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope


class Command(BaseCommand):
    help = (
        "Writes the rows of search anew where they are not what they should be, while shoppers go on searching; with "
        "--check it only compares, names each row that is wrong, and exits with 1 where there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchant", metavar="SLUG", help="only this merchant's rows")
        parser.add_argument("--store", metavar="SLUG", help="only the rows of this store; needs --merchant")
        parser.add_argument("--after", type=int, default=0, metavar="ID", help="go on behind this product; likewise")
        parser.add_argument("--batch", type=int, default=1000, metavar="N", help="products in one transaction")
        parser.add_argument("--check", action="store_true", help="compare only")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["store"] or options["after"]) and not options["merchant"]:
            raise CommandError("--store and --after are about one merchant: name it.")
        if options["batch"] < 1:
            raise CommandError("A batch has at least one product.")
        wrong = sum(self.walk(merchant, options) for merchant in merchants(options["merchant"]))
        if options["check"] and wrong:
            raise CommandError("Some rows of search are not what they should be.")

    def walk(self, merchant: Merchant, options: dict[str, Any]) -> int:
        """Through one merchant's products; how many rows were wrong."""
        store_id = store_of(merchant, options["store"]) if options["store"] else None
        size, mends = options["batch"], not options["check"]
        products = wrong = 0
        for batch in batches(merchant.pk, after=options["after"], size=size, store_id=store_id, mends=mends):
            products, wrong = products + batch.products, wrong + len(batch.wrong)
            for each in batch.wrong if options["check"] else ():
                self.stdout.write(f"{merchant.slug} {each}")
            self.stdout.write(
                f"{merchant.slug}: {products} products, {wrong} rows wrong; --after {batch.last_id} goes on."
            )
        return wrong


def store_of(merchant: Merchant, slug: str) -> int:
    """Raises `CommandError`."""
    with merchant_scope(merchant.pk):
        found = Store.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"{merchant.slug} has no store “{slug}”.")
    return found
