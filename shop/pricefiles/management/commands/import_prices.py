from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import reset_queries, transaction

from shop.imports.errors import FileRefused
from shop.pricefiles import actions, contents
from shop.pricefiles.errors import PriceFileRefused
from shop.pricefiles.models import PriceFile
from shop.pricefiles.refusals import sentence
from shop.pricefiles.states import Mode, Outcome, State, Step
from shop.pricing.management.commands.replay_prices import moment
from shop.pricing.models import PriceList
from shop.stores.management.merchants import merchants
from shop.stores.scope import merchant_scope

NOTHING_PUBLISHED = 3
"""Exit code beside 0 (published, or would be) and 1 (the file or the call is unusable)."""
MOST_REFUSALS = 1_000
SECONDS_BETWEEN_SIGNS_OF_LIFE = 1.0


class Command(BaseCommand):
    help = "Loads prices from a CSV or XLSX file into a price list. The columns are in docs/features/price-files.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--list", required=True, metavar="CODE", help="the list's short name")
        parser.add_argument("--merchant", metavar="SLUG", help="whose list it is; needed where there are several")
        parser.add_argument("--replace", action="store_true", help="take out what the file does not name")
        parser.add_argument("--from", dest="takes_effect_at", type=moment, metavar="DATE", help="count from then on")
        parser.add_argument("--decimal-comma", action="store_true", help="prices are written 2,55")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--skip-refused", action="store_true", help="publish the rest although rows are refused")

    def handle(self, *args: Any, **options: Any) -> None:
        merchant_id, code = _merchant_id(options["merchant"], options["list"]), options["list"]
        try:
            with merchant_scope(merchant_id):
                price_file = self._load(options["file"], PriceList.objects.get(code=code), options)
                if price_file.state != State.PUBLISHED:
                    transaction.set_rollback(True)
        except (FileRefused, PriceFileRefused) as refused:
            raise CommandError(f"{options['file']}: {refused} Nothing was changed.") from refused
        if price_file.revision:
            self.stdout.write(f"Published as revision {price_file.revision.number} of {code}.")
        elif price_file.refused and not options["skip_refused"]:
            raise CommandError(_sentence_of_nothing(price_file, options), returncode=NOTHING_PUBLISHED)
        else:
            self.stdout.write("Nothing was changed.")

    def _load(self, path: Path, price_list: PriceList, options: dict[str, Any]) -> PriceFile:
        """The file, published where it can be. Raises `FileRefused`, `PriceFileRefused`."""
        progress = _SignsOfLife(self)
        try:
            chunks = contents.pieces(path)
            price_file = actions.receive(
                price_list,
                chunks,
                name=path.name,
                by=None,
                mode=Mode.REPLACE if options["replace"] else Mode.CHANGE,
                decimal_mark="," if options["decimal_comma"] else ".",
                takes_effect_at=options["takes_effect_at"],
            )
        except OSError as error:
            raise FileRefused(f"can't be opened: {error.strerror}") from error
        price_file = actions.compare(price_file, progress=progress)
        if price_file.state == State.REFUSED:
            raise FileRefused(f"{price_file.fault}.")
        self._report(price_file)
        may_publish = not price_file.refused or options["skip_refused"]
        if options["dry_run"] or not may_publish or not price_file.differences:
            return price_file
        actions.sign_off(price_file, by=None, leaves_out_refused=options["skip_refused"])
        return actions.publish(price_file, progress=progress)

    def _report(self, price_file: PriceFile) -> None:
        refused = price_file.differences_found.filter(outcome=Outcome.REFUSED).in_order_of_lines()
        for row in refused[:MOST_REFUSALS]:
            where = ", ".join(filter(None, [f"line {row.line}" if row.line else row.name, row.column]))
            self.stderr.write(f"{where}: {sentence(row.reason, row.words)}")
        for count, word in (
            (price_file.rows, "rows"),
            (price_file.added, "added"),
            (price_file.changed, f"changed ({price_file.steep:,} by more than half)"),
            (price_file.removed, "taken out"),
            (price_file.unchanged, "unchanged"),
            (price_file.refused, "refused"),
        ):
            self.stdout.write(f"{count:>11,} {word}")


class _SignsOfLife:
    """Writes how far things are, once a second, and forgets the statements that Django keeps where DEBUG is on."""

    def __init__(self, command: BaseCommand) -> None:
        self._command, self._last = command, monotonic()

    def __call__(self, step: Step, reached: int) -> None:
        reset_queries()
        if monotonic() - self._last >= SECONDS_BETWEEN_SIGNS_OF_LIFE:
            self._last = monotonic()
            self._command.stdout.write(f"  {reached:,} {step.label}")
            self._command.stdout.flush()


def _merchant_id(slug: str | None, code: str) -> int:
    """Of the merchant whose list this is. Raises `CommandError`."""
    found = []
    for merchant in merchants(slug):
        with merchant_scope(merchant.pk):
            if PriceList.objects.filter(code=code).exists():
                found.append(merchant)
    if not found:
        raise CommandError(f"There is no price list “{code}”.")
    if len(found) > 1:
        raise CommandError(f"Several merchants have a price list “{code}”: name one by --merchant.")
    return found[0].pk


def _sentence_of_nothing(price_file: PriceFile, options: dict[str, Any]) -> str:
    if options["dry_run"]:
        return f"Rows refused: {price_file.refused:,}. Nothing was changed: this was a dry run."
    mend = "mend them, or publish the rest by --skip-refused"
    return f"Rows refused: {price_file.refused:,}. Nothing was changed: {mend}."
