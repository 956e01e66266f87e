from django.db import migrations, models

OF_THE_STORE = """
UPDATE shipping_deliveryrate rate SET currency = store.currency FROM stores_store store WHERE store.id = rate.store_id
"""


class Migration(migrations.Migration):
    dependencies = [("shipping", "stoa_0001_delivery_rate"), ("stores", "0004_store_further_currencies")]

    operations = [
        migrations.RemoveConstraint("deliveryrate", "delivery_rate_code_once_per_store"),
        migrations.AddField(
            "deliveryrate",
            "currency",
            models.CharField(
                default="", help_text="For whom it is who buys in this currency.", max_length=3, verbose_name="currency"
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(OF_THE_STORE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "deliveryrate",
            models.UniqueConstraint(
                fields=["store", "currency", "code"], name="delivery_rate_code_once_per_store"
            ),
        ),
    ]
