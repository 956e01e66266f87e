"""Whether the stock adds up. Each check is one statement, so that it sees one moment, whoever buys meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Difference:
    """Something that says `said` and adds up to `summed`."""

    what: str
    where: str
    said: int
    summed: int

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.said}, by the ledger {self.summed}"


CHECKS = {
    "in stock": """
        SELECT record.partner_sku, coalesce(record.num_in_stock, 0), coalesce(moved.pieces, 0)
          FROM partner_stockrecord record
          LEFT JOIN (SELECT stockrecord_id, sum(quantity) AS pieces FROM inventory_stockmovement GROUP BY 1) moved
            ON moved.stockrecord_id = record.id
         WHERE coalesce(record.num_in_stock, 0) <> coalesce(moved.pieces, 0)""",
    "on hand": """
        SELECT record.partner_sku || ' at ' || location.code, coalesce(level.on_hand, 0), coalesce(moved.pieces, 0)
          FROM inventory_stocklevel level
          FULL JOIN (SELECT stockrecord_id, location_id, sum(quantity) AS pieces
                       FROM inventory_stockmovement GROUP BY 1, 2) moved USING (stockrecord_id, location_id)
          JOIN partner_stockrecord record ON record.id = stockrecord_id
          JOIN inventory_location location ON location.id = location_id
         WHERE coalesce(level.on_hand, 0) <> coalesce(moved.pieces, 0)""",
    "allocated": """
        SELECT record.partner_sku, coalesce(record.num_allocated, 0), coalesce(owed.pieces, 0)
          FROM partner_stockrecord record
          LEFT JOIN (SELECT stockrecord_id, sum(quantity) AS pieces FROM inventory_allocation GROUP BY 1) owed
            ON owed.stockrecord_id = record.id
         WHERE coalesce(record.num_allocated, 0) <> coalesce(owed.pieces, 0)""",
    "allocated there": """
        SELECT record.partner_sku || ' at ' || location.code, coalesce(level.allocated, 0), coalesce(owed.pieces, 0)
          FROM inventory_stocklevel level
          FULL JOIN (SELECT stockrecord_id, location_id, sum(quantity) AS pieces FROM inventory_allocation
                      WHERE location_id IS NOT NULL GROUP BY 1, 2) owed USING (stockrecord_id, location_id)
          JOIN partner_stockrecord record ON record.id = stockrecord_id
          JOIN inventory_location location ON location.id = location_id
         WHERE coalesce(level.allocated, 0) <> coalesce(owed.pieces, 0)""",
    "held by the line": """
        SELECT orders.number || ' ' || line.partner_sku, coalesce(line.num_allocated, 0), coalesce(owed.pieces, 0)
          FROM order_line line
          JOIN order_order orders ON orders.id = line.order_id
          JOIN partner_stockrecord record ON record.id = line.stockrecord_id
          JOIN catalogue_product product ON product.id = record.product_id
          LEFT JOIN catalogue_product parent ON parent.id = product.parent_id
          JOIN catalogue_productclass class ON class.id = coalesce(product.product_class_id, parent.product_class_id)
          LEFT JOIN (SELECT line_id, sum(quantity) AS pieces FROM inventory_allocation GROUP BY 1) owed
            ON owed.line_id = line.id
         WHERE class.track_stock AND coalesce(line.num_allocated, 0) <> coalesce(owed.pieces, 0)""",
}
"""What is said to be so many, and the statement that finds where it is not: the place, what is said, the sum."""


def differences() -> Iterator[Difference]:
    """All there are of the merchant at hand."""
    with connection.cursor() as cursor:
        for what, statement in CHECKS.items():
            cursor.execute(f"{statement} ORDER BY 1")
            yield from (Difference(what, *row) for row in cursor.fetchall())
