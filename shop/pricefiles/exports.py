"""Price lists, and what files would change in them, as files again. The database writes the rows, so memory stays flat.

What a list is written as can be read again and changes nothing. Names that a spreadsheet would run as formulas get an
apostrophe in front, which reading takes off (`shop.imports.mending`).
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.timezone import get_default_timezone_name
from django.utils.translation import gettext as _

from shop.imports.mending import FORMULA, write_refused
from shop.imports.workbooks import write_workbook
from shop.pricing.models import PriceList

from . import contents
from .errors import PriceFileRefused
from .models import PriceFile
from .names import stage_names
from .refusals import sentence
from .states import Outcome

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Spreadsheets take a CSV file without it for one of their own country's letters."""
MOST_IN_A_WORKBOOK = 200_000
"""Its rows are written one by one, while somebody waits: more would take minutes."""
LIST_COLUMNS = (
    *("sku", "category", "title", "from_quantity", "kind", "value", "floor"),
    *("valid_from", "valid_until", "currency"),
)


def _plain(column: str) -> str:
    return f"CASE WHEN {column} ~ %(formula)s THEN '''' || {column} ELSE {column} END"


def _amount(column: str) -> str:
    return f"CASE WHEN {column} = round({column}, 2) THEN round({column}, 2) ELSE trim_scale({column}) END"


def _moment(column: str, *, is_end: bool = False) -> str:
    """A day, or a time where it is not the beginning of one; of an end the day before, since it goes with it."""
    local = f"{column} AT TIME ZONE %(zone)s"
    day = f"({local})::date - 1" if is_end else f"({local})::date"
    time = f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    return (
        f"CASE WHEN {local} = date_trunc('day', {local}) THEN to_char({day}, 'YYYY-MM-DD') "
        f"ELSE replace({time}, '.000000Z', 'Z') END"
    )


TITLES = """
  LEFT JOIN catalogue_product product ON product.id = {product}
  LEFT JOIN catalogue_product parent ON parent.id = product.parent_id
"""
TITLE = _plain("nullif(concat_ws(', ', parent.title, nullif(product.title, '')), '')")

LIST = f"""
SELECT CASE WHEN tier.category_id IS NULL THEN {_plain("name.name")} END AS sku,
       CASE WHEN tier.category_id IS NOT NULL THEN {_plain("name.name")} END AS category,
       {TITLE} AS title, tier.min_quantity AS from_quantity, tier.kind, {_amount("tier.value")} AS value,
       {_amount("tier.floor")} AS floor, {_moment("tier.valid_from")} AS valid_from,
       {_moment("tier.valid_until", is_end=True)} AS valid_until, %(currency)s::text AS currency
  FROM pricing_pricetier tier
  JOIN goods_name name ON name.goods = coalesce(tier.product_id, -tier.category_id)
  {TITLES.format(product="tier.product_id")}
 WHERE tier.price_list_id = %(price_list)s
   AND CASE WHEN %(moment)s::timestamptz IS NULL THEN tier.retired_in_id IS NULL
            ELSE tier.counts_from <= %(moment)s AND (tier.counts_until IS NULL OR tier.counts_until > %(moment)s) END
 ORDER BY tier.category_id NULLS FIRST, name.name, tier.min_quantity, tier.valid_from NULLS FIRST
"""

DIFFERENCES = f"""
SELECT found.outcome, found.line, {_plain("found.name")} AS name, {TITLE} AS title, found.min_quantity AS from_quantity,
       found.old_kind, {_amount("found.old_value")} AS old_value, {_amount("found.old_floor")} AS old_floor,
       CASE WHEN found.outcome <> 'removed' THEN found.kind END AS kind, {_amount("found.value")} AS value,
       {_amount("found.floor")} AS floor, {_moment("found.valid_from")} AS valid_from,
       {_moment("found.valid_until", is_end=True)} AS valid_until, found.per_cent
  FROM pricefiles_pricefilerow found
  {TITLES.format(product="found.product_ref")}
 WHERE found.price_file_id = %(price_file)s AND found.outcome <> 'refused'
 ORDER BY found.id
"""


def write_list_csv(price_list: PriceList, path: Path, *, moment: datetime | None = None) -> None:
    """The list's prices as they are, with what counts only later, or as they counted at a moment."""
    stage_names()
    _copy(LIST, _list_parameters(price_list, moment), path)


def write_list_xlsx(price_list: PriceList, path: Path, *, moment: datetime | None = None) -> None:
    """Likewise as a workbook, which takes no control characters. Raises `PriceFileRefused` where the list has, or had
    at that moment, more than `MOST_IN_A_WORKBOOK`."""
    if moment:
        tiers = price_list.tiers.filter(counts_from__lte=moment).exclude(counts_until__lte=moment)
    else:
        tiers = price_list.tiers.current()
    if tiers[MOST_IN_A_WORKBOOK:].exists():
        raise PriceFileRefused(_("The list has too many prices for a workbook: take CSV."))
    stage_names()
    with connection.chunked_cursor() as cursor:
        cursor.execute(LIST, _list_parameters(price_list, moment))
        write_workbook(chain([LIST_COLUMNS], cursor), path, title=price_list.code)


def write_differences(price_file: PriceFile, path: Path) -> None:
    """All that a file would change, or has changed."""
    _copy(DIFFERENCES, {"price_file": price_file.pk} | _parameters(), path)


def write_refused_rows(price_file: PriceFile, path: Path) -> None:
    """The rows that are refused as they stood in the file, with a reason each, to be mended and sent again."""
    with contents.unpacked(price_file) as source:
        write_refused(source, path, _reasons(price_file))


def _reasons(price_file: PriceFile) -> Iterator[tuple[int, str]]:
    found = price_file.differences_found.filter(outcome=Outcome.REFUSED, line__isnull=False).order_by("line", "pk")
    rows = found.values_list("line", "column", "reason", "words").iterator(chunk_size=5_000)
    for line, refusals in groupby(rows, key=lambda row: row[0]):
        yield line, " ".join(dict.fromkeys(_said(*refusal[1:]) for refusal in refusals))


def _said(column: str, reason: str, words: dict) -> str:
    return f"{column}: {sentence(reason, words)}" if column else sentence(reason, words)


def _copy(statement: str, parameters: dict[str, Any], path: Path) -> None:
    query = connection.ops.compose_sql(statement, parameters)  # type: ignore[attr-defined]
    copy = f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)"
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(copy) as rows:
        file.write(BYTE_ORDER_MARK)
        for chunk in rows:
            file.write(chunk)


def _list_parameters(price_list: PriceList, moment: datetime | None) -> dict[str, Any]:
    return {"price_list": price_list.pk, "currency": price_list.currency, "moment": moment} | _parameters()


def _parameters() -> dict[str, Any]:
    return {"formula": f"^{FORMULA.pattern}", "zone": get_default_timezone_name()}
