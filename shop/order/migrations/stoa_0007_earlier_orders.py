"""Of orders from before parts were kept: all of a sent one is sent, and all of a cancelled one is cancelled."""

from django.db import migrations

STATEMENTS = [
    """UPDATE order_line SET num_shipped = quantity FROM order_order
        WHERE order_order.id = order_id AND order_order.status IN ('Shipped', 'Complete') AND num_cancelled = 0""",
    """UPDATE order_line SET num_cancelled = quantity FROM order_order
        WHERE order_order.id = order_id AND order_order.status = 'Cancelled' AND num_shipped = 0""",
    "UPDATE order_order SET cancelled_incl_tax = total_incl_tax WHERE status = 'Cancelled'",
]


class Migration(migrations.Migration):
    dependencies = [("order", "stoa_0006_parts")]
    operations = [migrations.RunSQL(STATEMENTS, migrations.RunSQL.noop)]
