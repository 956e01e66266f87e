from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from shop.imports.errors import FileRefused
from shop.inventory.actions.counts import sign_count
from shop.inventory.counts import Report, read_counts
from shop.inventory.errors import StockRefused
from shop.inventory.models import Location
from shop.partner.models import StockRecord
from shop.stores.management.merchants import merchants
from shop.stores.scope import merchant_scope

NOTHING_MOVED = 3
"""Exit code beside 0 (moved, or would be) and 1 (the file or the call is unusable)."""


class Command(BaseCommand):
    help = (
        "Compares a CSV or XLSX file of counts with the stock, and moves every difference, or nothing. "
        "The columns are in docs/features/stock.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--merchant", metavar="SLUG", help="whose goods; needed where there are several")
        parser.add_argument("--dry-run", action="store_true", help="say what would be moved, and move nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        found = merchants(options["merchant"])
        if len(found) != 1:
            raise CommandError("Say by --merchant whose goods these are.")
        with merchant_scope(found[0].pk):
            self._import(options["file"], is_rehearsal=options["dry_run"])

    def _import(self, path: Path, *, is_rehearsal: bool) -> None:
        try:
            report = read_counts(path, name=path.name, by=None, is_rehearsal=is_rehearsal)
            self._tell(report)
            if report.refusals:
                raise CommandError("Nothing was moved: mend the refused rows.", returncode=NOTHING_MOVED)
            if report.count:
                sign_count(report.count, by=None)
        except (FileRefused, StockRefused) as refused:
            raise CommandError(f"{path}: {refused}. Nothing was moved.") from refused
        if is_rehearsal:
            self.stdout.write("Nothing was moved: this was a dry run.")

    def _tell(self, report: Report) -> None:
        skus = dict(
            StockRecord.objects.values_list("pk", "partner_sku").filter(
                pk__in=[each.stockrecord_id for each in report.differences]
            )
        )
        codes = dict(Location.objects.values_list("pk", "code"))
        for each in report.differences:
            where = f"{skus[each.stockrecord_id]} at {codes[each.location_id]}"
            self.stdout.write(f"{where}: {each.expected} -> {each.counted} ({each.difference:+d})")
        for refusal in report.refusals:
            self.stderr.write(str(refusal))
        for count, word in (
            (len(report.differences), "differ"),
            (report.unchanged, "unchanged"),
            (len(report.refusals), "refused"),
        ):
            self.stdout.write(f"{count:>11,} {word}")
