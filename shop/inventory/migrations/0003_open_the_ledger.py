"""Each merchant's stock as it was before there was a ledger: one location, opening movements, allocations of open orders.

What can be bought stays what it was. Of the pieces that a record calls allocated, those that no open order waits for have
left the house (nothing ever took them out of the stock), unless a cancelled order holds them, which lets go of them.
"""

from django.db import migrations

COUNTED = """
    SELECT line.* , orders.status AS order_status
      FROM order_line line
      JOIN order_order orders ON orders.id = line.order_id
      JOIN partner_stockrecord record ON record.id = line.stockrecord_id
      JOIN catalogue_product product ON product.id = record.product_id
      LEFT JOIN catalogue_product parent ON parent.id = product.parent_id
      JOIN catalogue_productclass class ON class.id = coalesce(product.product_class_id, parent.product_class_id)
     WHERE class.track_stock AND line.num_allocated > 0
"""
OPEN = "order_status NOT IN ('Cancelled', 'Shipped', 'Complete')"

LOCATIONS = "SELECT inventory_first_location(id) FROM stores_merchant WHERE id <> 1"

OPENING = """
    INSERT INTO inventory_stockmovement (merchant_id, stockrecord_id, sku, location_id, quantity, cause, reference)
    SELECT merchant_id, id, partner_sku, inventory_first_location(merchant_id), num_in_stock, 'count', ''
      FROM partner_stockrecord WHERE num_in_stock > 0 ORDER BY id
"""

ALLOCATIONS = f"""
    INSERT INTO inventory_allocation (merchant_id, line_id, stockrecord_id, location_id, quantity)
    SELECT merchant_id, id, stockrecord_id, inventory_first_location(merchant_id), num_allocated
      FROM ({COUNTED}) line WHERE {OPEN} ORDER BY id
"""

SENT = f"""
    INSERT INTO inventory_stockmovement (merchant_id, stockrecord_id, sku, location_id, quantity, cause, reference)
    SELECT record.merchant_id, record.id, record.partner_sku, inventory_first_location(record.merchant_id),
           -least(record.num_in_stock, record.num_allocated - held.pieces)::integer, 'correction', ''
      FROM partner_stockrecord record
      JOIN LATERAL (SELECT coalesce(sum(num_allocated), 0) AS pieces FROM ({COUNTED}) line
                     WHERE stockrecord_id = record.id AND ({OPEN} OR order_status = 'Cancelled')) held ON true
     WHERE record.num_in_stock > 0 AND record.num_allocated > held.pieces ORDER BY record.id
"""

LINES = f"""
    UPDATE order_line SET num_allocated = 0 WHERE id IN (SELECT id FROM ({COUNTED}) line WHERE NOT ({OPEN}))
"""

LEVELS = """
    INSERT INTO inventory_stocklevel (merchant_id, stockrecord_id, location_id, on_hand, allocated)
    SELECT merchant_id, stockrecord_id, location_id, 0, sum(quantity)
      FROM inventory_allocation GROUP BY merchant_id, stockrecord_id, location_id
    ON CONFLICT (stockrecord_id, location_id) DO UPDATE SET allocated = excluded.allocated
"""

RECORDS = """
    UPDATE partner_stockrecord record SET num_allocated = coalesce(
               (SELECT sum(quantity) FROM inventory_allocation WHERE stockrecord_id = record.id), 0)
     WHERE num_allocated IS NOT NULL
"""


STEPS = (OPENING, ALLOCATIONS, SENT, LINES, LEVELS, RECORDS)


def open_ledger(apps, schema_editor):
    """A new database has no stock yet, nor the tenancy's column, which is added behind the migrations."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(LOCATIONS)
        cursor.execute("SELECT EXISTS (SELECT FROM partner_stockrecord)")
        if cursor.fetchone()[0]:
            for statement in STEPS:
                cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0002_the_ledger_counts"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
    ]

    operations = [migrations.RunPython(open_ledger, migrations.RunPython.noop)]
