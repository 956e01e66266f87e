"""What a file would change in its list, and what is wrong with that: statements over all rows at once.

They say of a million rows what `shop.pricing.changes.problems_of` says of a few; `test_like_by_hand.py` holds both
against each other. Besides, the prices of one product change together or not at all: where one of its rows is refused,
so are the others, since the ladder without that row is one that nobody has seen.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import connection

from .models import PriceFile
from .names import stage_names
from .states import Mode, Outcome

HELD = """
DROP TABLE IF EXISTS pg_temp.price_held, pg_temp.price_scheduled, pg_temp.price_judged, pg_temp.price_out;
CREATE TEMPORARY TABLE price_held ON COMMIT DROP AS
SELECT id, coalesce(product_id, -category_id) AS goods, min_quantity, kind, value, floor, valid_from, valid_until
  FROM pricing_pricetier WHERE price_list_id = %(price_list)s AND retired_in_id IS NULL;
CREATE TEMPORARY TABLE price_scheduled ON COMMIT DROP AS
SELECT DISTINCT coalesce(product_id, -category_id) AS goods
  FROM pricing_pricetier
 WHERE price_list_id = %(price_list)s
   AND CASE WHEN retired_in_id IS NULL THEN counts_from > %(moment)s
            ELSE counts_until > greatest(counts_from, %(moment)s) END;
ANALYZE price_held, price_scheduled;
"""
"""The list's tiers as they are, and the goods whose prices a later revision changes already."""

JUDGED = """
CREATE TEMPORARY TABLE price_judged ON COMMIT DROP AS
SELECT given.line, given.name, given.is_category, given.is_read,
       CASE WHEN NOT called.is_ambiguous THEN called.goods END AS goods,
       coalesce(called.is_ambiguous, false) AS is_ambiguous, given.min_quantity, given.kind, given.value, given.floor,
       given.valid_from, given.valid_until, held.id AS tier, held.kind AS old_kind, held.value AS old_value,
       held.floor AS old_floor, held.valid_until AS old_until,
       CASE WHEN given.value IS NULL THEN 'removed'
            WHEN held.id IS NULL THEN 'added'
            WHEN (given.kind, given.value, given.floor, given.valid_until)
                 IS NOT DISTINCT FROM (held.kind, held.value, held.floor, held.valid_until) THEN 'unchanged'
            ELSE 'changed' END AS outcome
  FROM price_row given
  LEFT JOIN goods_called called ON called.is_category = given.is_category AND called.folded = lower(given.name)
  LEFT JOIN price_held held
    ON held.goods = CASE WHEN NOT called.is_ambiguous THEN called.goods END
   AND held.min_quantity = given.min_quantity
   AND coalesce(held.valid_from, '-infinity') = coalesce(given.valid_from, '-infinity');
ANALYZE price_judged;
"""
"""Each row with its goods and the tier in whose place it comes."""

UNNAMED = """
INSERT INTO price_judged (line, name, is_category, is_read, goods, is_ambiguous, min_quantity, kind, valid_from,
                          valid_until, tier, old_kind, old_value, old_floor, old_until, outcome)
SELECT -held.id, name.name, held.goods < 0, true, held.goods, false, held.min_quantity, held.kind, held.valid_from,
       held.valid_until, held.id, held.kind, held.value, held.floor, held.valid_until, 'removed'
  FROM price_held held LEFT JOIN goods_name name ON name.goods = held.goods
 WHERE NOT EXISTS (SELECT FROM price_judged judged WHERE judged.tier = held.id);
"""
"""What a file that replaces its list does not name; the line is the tier's number below zero."""

REFUSALS = {
    "goods that nobody has, or several": """
        SELECT line, CASE WHEN is_category THEN 'category' ELSE 'sku' END,
               CASE WHEN is_ambiguous THEN 'ambiguous' ELSE 'unknown' END, '{}'::jsonb
          FROM price_judged WHERE goods IS NULL AND name <> ''""",
    "a price that stands twice, each with the line of another": """
        SELECT line, 'from_quantity', 'twice', jsonb_build_object('other', other)
          FROM (SELECT line, coalesce(lag(line) OVER twins, lead(line) OVER twins) AS other
                  FROM price_judged WHERE is_read AND goods IS NOT NULL
                WINDOW twins AS (PARTITION BY goods, min_quantity, valid_from ORDER BY line)) AS found
         WHERE other IS NOT NULL""",
    "prices that are to change later already": """
        SELECT line, '', 'scheduled', '{}'::jsonb
          FROM price_judged JOIN price_scheduled USING (goods) WHERE is_read AND outcome <> 'unchanged'""",
    "nothing to take out": """
        SELECT line, 'value', 'nothing', '{}'::jsonb
          FROM price_judged WHERE is_read AND goods IS NOT NULL AND outcome = 'removed' AND tier IS NULL""",
}
"""Statements of line, column, reason and words, with what each of them finds."""

OUT = """
DROP TABLE IF EXISTS pg_temp.price_out;
CREATE TEMPORARY TABLE price_out ON COMMIT DROP AS
SELECT goods, min(line) AS line FROM price_judged JOIN (SELECT DISTINCT line FROM price_refusal) AS refused USING (line)
 WHERE goods IS NOT NULL GROUP BY goods;
ANALYZE price_out;
"""
"""The goods that are left alone, with the line for which."""

RUNGS = """
DROP TABLE IF EXISTS pg_temp.price_rung;
CREATE TEMPORARY TABLE price_rung ON COMMIT DROP AS
WITH changing AS (
    SELECT DISTINCT goods FROM price_judged WHERE outcome <> 'unchanged' AND goods IS NOT NULL
    EXCEPT SELECT goods FROM price_out
),
rung AS (
    SELECT goods, min_quantity, kind, value, valid_from, valid_until,
           CASE WHEN outcome = 'unchanged' THEN 0 ELSE line END AS line
      FROM price_judged JOIN changing USING (goods) WHERE outcome <> 'removed'
     UNION ALL
    SELECT goods, min_quantity, kind, value, valid_from, valid_until, 0
      FROM price_held held JOIN changing USING (goods)
     WHERE NOT EXISTS (SELECT FROM price_judged judged WHERE judged.tier = held.id)
)
SELECT *, row_number() OVER (PARTITION BY goods ORDER BY min_quantity, line) AS place,
       bool_or(valid_from IS NOT NULL OR valid_until IS NOT NULL) OVER (PARTITION BY goods) AS has_windows
  FROM rung;
ANALYZE price_rung;
"""
"""The ladders of the goods that change, as they would be; a rung that is there already has the line nought."""

LADDERS = {
    "of more pieces that cost more each": """
        SELECT greatest(line, line_below), 'value', 'dearer',
               jsonb_build_object('more', min_quantity, 'less', quantity_below)
          FROM (SELECT *, lag(line) OVER ladder AS line_below, lag(kind) OVER ladder AS kind_below,
                       lag(value) OVER ladder AS value_below, lag(min_quantity) OVER ladder AS quantity_below
                  FROM price_rung WHERE NOT has_windows
                WINDOW ladder AS (PARTITION BY goods ORDER BY place)) AS pair
         WHERE kind = kind_below AND greatest(line, line_below) > 0
           AND CASE WHEN kind = 'fixed' THEN value > value_below ELSE value < value_below END""",
    "of windows that overlap, or in which more pieces cost more each": """
        SELECT greatest(one.line, other.line),
               CASE WHEN one.min_quantity = other.min_quantity THEN 'valid_from' ELSE 'value' END,
               CASE WHEN one.min_quantity = other.min_quantity THEN 'overlap' ELSE 'dearer' END,
               jsonb_build_object('more', other.min_quantity, 'less', one.min_quantity)
          FROM price_rung one JOIN price_rung other ON other.goods = one.goods AND other.place > one.place
         WHERE one.has_windows AND greatest(one.line, other.line) > 0
           AND coalesce(one.valid_until > other.valid_from, true) AND coalesce(other.valid_until > one.valid_from, true)
           AND (one.min_quantity = other.min_quantity OR one.kind = other.kind
                AND CASE WHEN one.kind = 'fixed' THEN other.value > one.value ELSE other.value < one.value END)""",
}
"""Likewise, of the rows that are not refused yet; each is held against the last row that takes part in it."""

BESIDE = """
DELETE FROM price_judged judged USING price_out
 WHERE judged.goods = price_out.goods AND judged.line < 0
   AND NOT EXISTS (SELECT FROM price_refusal refusal WHERE refusal.line = judged.line);
INSERT INTO price_refusal
SELECT judged.line, '', 'beside', jsonb_build_object('other', greatest(price_out.line, 0))
  FROM price_judged judged JOIN price_out USING (goods)
 WHERE outcome <> 'unchanged' AND NOT EXISTS (SELECT FROM price_refusal refusal WHERE refusal.line = judged.line);
"""
"""The other rows of goods that are left alone, whose prices stay where the file does not name them."""

NOTE = """
INSERT INTO pricefiles_pricefilerow
       (price_file_id, outcome, line, name, product_ref, category_ref, min_quantity, kind, value, floor, valid_from,
        valid_until, tier_ref, old_kind, old_value, old_floor, old_until, per_cent, "column", reason, words)
SELECT %(price_file)s, CASE WHEN refusal.line IS NULL THEN outcome ELSE 'refused' END,
       CASE WHEN judged.line > 0 THEN judged.line END, coalesce(judged.name, ''),
       CASE WHEN judged.goods > 0 THEN judged.goods END, CASE WHEN judged.goods < 0 THEN -judged.goods END,
       min_quantity, coalesce(kind, ''), value, floor, valid_from, valid_until, tier, coalesce(old_kind, ''), old_value,
       old_floor, old_until,
       CASE WHEN kind = old_kind AND old_value > 0 THEN least(round((value / old_value - 1) * 100, 1), 9999999) END,
       coalesce(column_name, ''), coalesce(reason, ''), coalesce(words, '{}')
  FROM price_judged judged LEFT JOIN price_refusal refusal ON refusal.line = judged.line
 WHERE outcome <> 'unchanged' OR refusal.line IS NOT NULL
 ORDER BY judged.line < 0, judged.line, column_name;
"""

COUNT = """
SELECT count(*) FILTER (WHERE NOT refused AND outcome = 'added'),
       count(*) FILTER (WHERE NOT refused AND outcome = 'changed'),
       count(*) FILTER (WHERE NOT refused AND outcome = 'removed'),
       count(*) FILTER (WHERE NOT refused AND outcome = 'unchanged'),
       count(*) FILTER (WHERE refused),
       count(*) FILTER (WHERE NOT refused AND outcome = 'changed' AND kind = old_kind
                          AND (value > old_value * 1.5 OR value < old_value * 0.5))
  FROM (SELECT judged.*, refusal.line IS NOT NULL AS refused FROM price_judged judged
          LEFT JOIN (SELECT DISTINCT line FROM price_refusal) AS refusal ON refusal.line = judged.line) AS counted
"""
COUNTED = (Outcome.ADDED, Outcome.CHANGED, Outcome.REMOVED, "unchanged", Outcome.REFUSED, "steep")


def compare(price_file: PriceFile, *, moment: datetime, progress: Callable[[int], None]) -> dict[str, int]:
    """Hold the staged rows against the list, as it will be at a moment, and note every difference and every refusal.

    Returns how many there are of each kind.
    """
    stage_names()
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"price_list": price_file.price_list_id, "moment": moment})
        cursor.execute(JUDGED)
        if price_file.mode == Mode.REPLACE:
            cursor.execute(UNNAMED)
        for statement in REFUSALS.values():
            cursor.execute(f"INSERT INTO price_refusal {statement}")
        cursor.execute(OUT)
        cursor.execute(RUNGS)
        for statement in LADDERS.values():
            cursor.execute(f"INSERT INTO price_refusal {statement}")
        cursor.execute(OUT)
        cursor.execute(BESIDE)
        cursor.execute(COUNT)
        counts = dict(zip(map(str, COUNTED), cursor.fetchone(), strict=True))
        progress(sum(counts[name] for name in map(str, COUNTED[:-1])))
        cursor.execute(NOTE, {"price_file": price_file.pk})
    return counts
