"""What the database says of staged rows: which products they are, and what is wrong with them beside one another."""

from django.db import connection

MATCH = """
UPDATE import_row r SET product_id = s.product_id, stockrecord_id = s.id
  FROM partner_stockrecord s WHERE s.partner_id = %(partner)s AND s.partner_sku = r.sku;
UPDATE import_row r SET product_id = s.product_id, stockrecord_id = s.id
  FROM partner_stockrecord s WHERE s.partner_id = %(partner)s AND lower(s.partner_sku) = r.key AND r.product_id IS NULL;
UPDATE import_row r SET product_id = p.id
  FROM catalogue_product p WHERE p.structure = 'parent' AND lower(p.code) = r.key AND r.product_id IS NULL;
UPDATE import_row r SET parent_id = p.id
  FROM catalogue_product p WHERE p.structure = 'parent' AND lower(p.code) = r.parent_key;
UPDATE import_row r SET parent_id = p.parent_id
  FROM catalogue_product p WHERE p.id = r.product_id AND p.structure = 'child' AND r.parent_key IS NULL;
UPDATE import_row r SET kind = 'parent'
  FROM catalogue_product p WHERE p.id = r.product_id AND p.structure = 'parent';
UPDATE import_row r SET kind = 'parent'
  FROM (SELECT DISTINCT parent_key FROM import_row WHERE parent_key IS NOT NULL) child WHERE child.parent_key = r.key;
UPDATE import_row r SET kind = 'child' WHERE r.parent_key IS NOT NULL OR r.parent_id IS NOT NULL;
"""
"""Which product a row is, by the partner's SKU or (a parent has no stock record) by its code; and of which kind."""

REFUSALS = {
    "a SKU that stands twice, each with the line of another": """
        SELECT line, 'sku', format('stands in line %%s too', other)
          FROM (SELECT line, key, coalesce(lag(line) OVER twins, lead(line) OVER twins) AS other FROM import_row
                WHERE key <> '' WINDOW twins AS (PARTITION BY key ORDER BY line)) r
         WHERE other IS NOT NULL""",
    "a barcode that stands twice": """
        SELECT line, 'barcode', format('stands in line %%s too', other)
          FROM (SELECT line, coalesce(lag(line) OVER twins, lead(line) OVER twins) AS other FROM import_row
                WHERE barcode <> '' WINDOW twins AS (PARTITION BY barcode ORDER BY line)) r
         WHERE other IS NOT NULL""",
    "a barcode of another product": """
        SELECT r.line, 'barcode', format('is the barcode of product %%s', p.id)
          FROM import_row r JOIN catalogue_product p ON p.upc = r.barcode
         WHERE r.barcode <> '' AND p.id IS DISTINCT FROM r.product_id""",
    "a price that only a parent may leave out": """
        SELECT line, 'price', 'is missing' FROM import_row
         WHERE kind = 'standalone' AND content->>'price' IS NULL AND content <> '{}'""",
    "a price in another currency": """
        SELECT r.line, 'price', format('is in %%s in the catalogue, and the store sells in %%s', s.price_currency,
                                       %(currency)s::text)
          FROM import_row r JOIN partner_stockrecord s ON s.id = r.stockrecord_id
         WHERE s.price_currency <> %(currency)s""",
    "a parent that isn't there": """
        SELECT r.line, 'parent_sku', 'no row and no product with variants has this SKU' FROM import_row r
         WHERE r.parent_key IS NOT NULL AND r.parent_id IS NULL
           AND NOT EXISTS (SELECT FROM import_row parent WHERE parent.key = r.parent_key)""",
    "a parent that is a variant": """
        SELECT r.line, 'parent_sku', format('is a variant itself (line %%s)', parent.line)
          FROM import_row r JOIN import_row parent ON parent.key = r.parent_key WHERE parent.kind = 'child'""",
    "a parent's SKU that is the code of another product": """
        SELECT r.line, 'sku', format('is the code of product %%s', p.id)
          FROM import_row r JOIN catalogue_product p ON p.code = r.sku
         WHERE r.kind = 'parent' AND r.product_id IS NULL""",
    "what is sold on its own can't get variants": """
        SELECT r.line, 'sku', 'is sold on its own in the catalogue, so it can''t have variants'
          FROM import_row r JOIN catalogue_product p ON p.id = r.product_id
         WHERE r.kind = 'parent' AND p.structure = 'standalone'""",
    "what is no variant can't become one": """
        SELECT r.line, 'parent_sku', 'the catalogue has this SKU as a product of its own, not as a variant'
          FROM import_row r JOIN catalogue_product p ON p.id = r.product_id
         WHERE r.parent_key IS NOT NULL AND p.structure <> 'child'""",
    "a variant can't move to another parent": """
        SELECT r.line, 'parent_sku', 'the catalogue has this SKU as a variant of another product'
          FROM import_row r JOIN catalogue_product p ON p.id = r.product_id
          LEFT JOIN import_row parent ON parent.key = r.parent_key
         WHERE r.parent_key IS NOT NULL AND p.structure = 'child'
           AND (r.parent_id IS NOT NULL OR parent.line IS NOT NULL)
           AND p.parent_id IS DISTINCT FROM coalesce(r.parent_id, parent.product_id)""",
    "a product can't change its type": """
        SELECT r.line, 'product_type', format('is "%%s" in the catalogue; a file can''t change it', t.name)
          FROM import_row r JOIN catalogue_product p ON p.id = r.product_id
          JOIN catalogue_productclass t ON t.id = p.product_class_id
         WHERE r.type_name <> '' AND r.kind <> 'child' AND lower(t.name) <> lower(r.type_name)""",
}
"""Statements of line, column and reason, with what each of them finds."""

ORPHANS = """
INSERT INTO import_refusal
SELECT r.line, 'parent_sku', format('the row of the parent (line %s) is refused', parent.line)
  FROM import_row r JOIN import_row parent ON parent.key = r.parent_key
 WHERE r.parent_id IS NULL AND parent.kind = 'parent'
   AND EXISTS (SELECT FROM import_refusal f WHERE f.line = parent.line)
   AND NOT EXISTS (SELECT FROM import_refusal f WHERE f.line = r.line);
"""

TYPES = """
UPDATE import_row r SET type_name = t.name
  FROM catalogue_product p JOIN catalogue_productclass t ON t.id = p.product_class_id WHERE p.id = r.product_id;
UPDATE import_row SET type_name = %(type)s WHERE kind <> 'child' AND type_name = '';
UPDATE import_row r SET type_name = parent.type_name FROM import_row parent WHERE parent.key = r.parent_key;
UPDATE import_row r SET type_name = t.name
  FROM catalogue_product p JOIN catalogue_productclass t ON t.id = p.product_class_id WHERE p.id = r.parent_id;
"""
"""The product type of every row: the one it has, the one it says, or the usual one; a variant has its parent's."""


def compare(*, partner_id: int, currency: str, product_type: str) -> None:
    """Find the staged rows' products, and refuse rows that contradict one another or the catalogue.

    `product_type` is the type of new products whose rows name none.
    """
    with connection.cursor() as cursor:
        cursor.execute(MATCH, {"partner": partner_id})
        for statement in REFUSALS.values():
            cursor.execute(f"INSERT INTO import_refusal {statement}", {"currency": currency})
        cursor.execute(TYPES, {"type": product_type})
        cursor.execute("ANALYZE import_row, import_refusal")


def refuse_orphans() -> None:
    """Refuse the variants of new parents that are refused. The last of the comparisons."""
    with connection.cursor() as cursor:
        cursor.execute(ORPHANS)
