from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from shop.costs.imports import Report, import_costs
from shop.imports.errors import FileRefused
from shop.stores.management.merchants import merchants
from shop.stores.scope import merchant_scope

NOTHING_NOTED = 3
"""Exit code beside 0 (noted, or would be) and 1 (the file or the call is unusable)."""


class Command(BaseCommand):
    help = "Notes what goods cost from a CSV or XLSX file. The columns are in docs/features/costs.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--merchant", metavar="SLUG", help="whose goods; needed where there are several")
        parser.add_argument("--decimal-comma", action="store_true", help="costs are written 2,55")
        parser.add_argument("--dry-run", action="store_true", help="say what would be noted, and note nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        found = merchants(options["merchant"])
        if len(found) != 1:
            raise CommandError("Say by --merchant whose goods these are.")
        with merchant_scope(found[0].pk):
            report = self._import(options)
        for refusal in report.refusals:
            self.stderr.write(str(refusal))
        for count, word in (
            (report.added, "new"),
            (report.unchanged, "unchanged"),
            (len(report.refusals), "refused"),
        ):
            self.stdout.write(f"{count:>11,} {word}")
        if report.refusals:
            raise CommandError("Nothing was noted: mend the refused rows.", returncode=NOTHING_NOTED)
        if not report.is_written:
            self.stdout.write("Nothing was noted: this was a dry run.")

    def _import(self, options: dict[str, Any]) -> Report:
        path = options["file"]
        try:
            return import_costs(
                path,
                name=path.name,
                by=None,
                decimal_mark="," if options["decimal_comma"] else ".",
                is_rehearsal=options["dry_run"],
            )
        except FileRefused as refused:
            raise CommandError(f"{path}: {refused}. Nothing was noted.") from refused
