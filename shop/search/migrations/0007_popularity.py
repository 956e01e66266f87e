"""How popular a product is, in its rows: what `popularity.py` has reckoned, and analytics keep."""

from importlib import import_module

from django.db import migrations, models

first = import_module("shop.search.migrations.0002_follow_the_catalogue")
before = import_module("shop.search.migrations.0005_own_prices")

ROWS = before.changed(first.ROWS, before.CHANGES)
CHANGES = {
    "stocked AS (\n": """
known AS MATERIALIZED (
    SELECT product_id, score FROM analytics_productrecord WHERE product_id = ANY(product_ids)
),
stocked AS (
""",
    "coalesce(stocked.members, 0) > coalesce(offer.members, 0)\n": """
       coalesce(stocked.members, 0) > coalesce(offer.members, 0), coalesce(known.score, 0)::smallint
""",
    "  LEFT JOIN stocked": "  LEFT JOIN known ON known.product_id = product.id\n  LEFT JOIN stocked",
}
REFRESH = before.changed(first.REFRESH, before.REFRESHED)
REFRESHED = {"net = fresh.net,": "net = fresh.net, popularity = fresh.popularity,"}


class Migration(migrations.Migration):
    dependencies = [("search", "0006_feed"), ("analytics", "0003_auto_20200801_0817")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, before.VIEW),
        # What Oscar kept there, if its command was ever run, is of another scale.
        migrations.RunSQL("UPDATE analytics_productrecord SET score = 0 WHERE score <> 0", migrations.RunSQL.noop),
        migrations.AddField("entry", "popularity", models.PositiveSmallIntegerField(db_default=0)),
        before.replaced(ROWS, CHANGES),
        before.replaced(REFRESH, REFRESHED),
        # Backwards the function is made before the column goes that it gives no more.
        migrations.RunSQL(migrations.RunSQL.noop, "SET LOCAL check_function_bodies = off"),
        migrations.RunSQL(before.VIEW, before.DROP_VIEW),
    ]
