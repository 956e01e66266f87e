import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import IntegrityError, reset_queries, transaction
from oscar.core.loading import get_model

from shop.imports import staging
from shop.imports.actions import Report, Wishes, import_catalogue
from shop.imports.errors import FileRefused
from shop.stores.models import Merchant, Store
from shop.stores.querysets import entry_of_host
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope

Partner = get_model("partner", "Partner")

NOTHING_LOADED, REST_LOADED = 3, 4
"""Exit codes beside 0 (everything is loaded, or would be) and 1 (the file or the call is unusable)."""
MOST_NAMES = 25
SECONDS_BETWEEN_SIGNS_OF_LIFE = 1.0


class Command(BaseCommand):
    help = "Loads products from a CSV or XLSX file into a store. The columns are in docs/features/import.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--store", required=True, metavar="HOST_OR_SLUG", help="the store that lists the products")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and do nothing")
        parser.add_argument(
            "--skip-refused",
            type=Path,
            metavar="FILE",
            help="load the rest although rows are refused, and write those to this new CSV file for mending",
        )
        parser.add_argument("--partner", metavar="CODE", help="who supplies the products (the merchant's only partner)")
        parser.add_argument(
            "--product-type",
            metavar="NAME",
            default="General",
            help="of new products whose row names none (%(default)s)",
        )
        parser.add_argument("--decimal-comma", action="store_true", help="prices are written 2,55")
        parser.add_argument("--prices-include-tax", action="store_true", help="at the store's rate; kept without it")
        parser.add_argument(
            "--ignore-columns", metavar="A,B", default="", help='columns to pass over; "*" is every unknown one'
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source, refused_to = options["file"], options["skip_refused"]
        if refused_to and refused_to.exists():
            raise CommandError(f"{refused_to} is there already: name a new file for the refused rows.")
        merchant_id, store_id = _merchant_and_store(options["store"])
        try:
            with merchant_scope(merchant_id):
                report = self._import(source, Store.objects.get(pk=store_id), options)
        except FileRefused as refused:
            raise CommandError(f"{source}: {refused}. Nothing was loaded.") from refused
        except IntegrityError as error:
            raise CommandError(
                f"The catalogue changed meanwhile ({error}). Nothing was loaded; run it again."
            ) from error
        if report.refused and not report.is_loaded:
            raise CommandError(_sentence_of_nothing(report, options), returncode=NOTHING_LOADED)
        if report.refused:
            self.stderr.write(f"The refused rows are in {refused_to}: mend them there, and import that file.")
            sys.exit(REST_LOADED)

    def _import(self, source: Path, store: Store, options: dict[str, Any]) -> Report:
        tax = f"with {store.tax_rate:.2%} tax" if options["prices_include_tax"] else "without tax"
        self.stdout.write(f"{source} into {store.name} (prices in {store.currency} {tax})")
        wishes = Wishes(
            partner_id=_partner_id(options["partner"], store.merchant_id),
            product_type=options["product_type"],
            decimal_mark="," if options["decimal_comma"] else ".",
            prices_include_tax=options["prices_include_tax"],
            ignored_columns=tuple(filter(None, options["ignore_columns"].split(","))),
            is_rehearsal=options["dry_run"],
            refused_to=options["skip_refused"],
        )
        report = import_catalogue(source, store=store, wishes=wishes, progress=_SignsOfLife(self))
        for refusal in staging.refusals():
            self.stderr.write(str(refusal))
        if not report.is_loaded:
            transaction.set_rollback(True)
        self.stdout.write(_table(report))
        return report


class _SignsOfLife:
    """Writes how far things are, once a second, and forgets the statements that Django keeps where DEBUG is on."""

    def __init__(self, command: BaseCommand) -> None:
        self._command = command
        self._last = monotonic()

    def __call__(self, doing: str, count: int) -> None:
        reset_queries()
        if monotonic() - self._last >= SECONDS_BETWEEN_SIGNS_OF_LIFE:
            self._last = monotonic()
            self._command.stdout.write(f"  {count:,} rows {doing}")
            self._command.stdout.flush()


def _merchant_and_store(name: str) -> tuple[int, int]:
    """Ids of the store at a host, or of the only one of this slug in the installation, and of its merchant."""
    entry = entry_of_host(name.lower())
    if entry and entry.store_id:
        return entry.merchant_id, entry.store_id
    with merchant_scope(PLATFORM_MERCHANT_ID):
        stores = list(Store.objects.filter(slug=name).values_list("merchant_id", "pk"))
    if len(stores) > 1:
        raise CommandError(f"Several merchants have a store called {name}: name it by its host.")
    if not stores:
        raise CommandError(f"No store has the host or the short name {name}.")
    return stores[0]


def _partner_id(code: str | None, merchant_id: int) -> int:
    """The partner of this code; without one the merchant's only partner, made when there is none."""
    partners = dict(Partner.objects.order_by("pk").values_list("code", "pk"))
    if code is None and len(partners) <= 1:
        name = Merchant.objects.get(pk=merchant_id).name
        return next(iter(partners.values()), None) or Partner.objects.create(name=name).pk
    if code not in partners:
        raise CommandError(
            f"Say by --partner who supplies the products: {', '.join(partners) or 'there is no partner'}."
        )
    return partners[code]


def _table(report: Report) -> str:
    tally, missing = report.tally, report.missing
    columns = ", ".join(f"{column} {count:,}" for column, count in sorted(tally.columns.items()))
    lines = [
        f"{report.rows:>11,} rows",
        f"{tally.added:>11,} added",
        f"{tally.changed:>11,} changed" + (f" ({columns})" if columns else ""),
        f"{tally.unchanged:>11,} unchanged",
        f"{report.refused:>11,} refused",
    ]
    news = {
        "categories": [" > ".join(path) for path in missing.categories],
        "product types": missing.types,
        "attributes": [f"{code} of {type_name}" for type_name, code in missing.attributes],
    }
    lines += [f"New {what}: {_some(names)}" for what, names in news.items() if names]
    return "\n".join(lines)


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return "; ".join(names[:MOST_NAMES]) + (f"; and {more:,} more" if more > 0 else "")


def _sentence_of_nothing(report: Report, options: dict[str, Any]) -> str:
    if options["dry_run"]:
        return f"Rows refused: {report.refused:,}. Nothing was loaded: this was a dry run."
    return f"Rows refused: {report.refused:,}. Nothing was loaded: mend them, or load the rest by --skip-refused."
