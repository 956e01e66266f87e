"""How much of what made a product popular is left: it fades."""

import django.db.models.deletion
import shop.stores.fields
from django.db import migrations, models

MERCHANT = ("merchant_id", models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False))
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
PRODUCT = models.OneToOneField(
    on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalogue.product"
)


class Migration(migrations.Migration):
    dependencies = [("search", "0009_has"), ("catalogue", "0032_category_exclude_from_menu_category_long_description")]

    operations = [
        migrations.CreateModel(
            name="Interest",
            fields=[
                ID,
                MERCHANT,
                ("product", PRODUCT),
                ("counted", models.FloatField()),
                ("points", models.FloatField()),
                ("reckoned_at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        )
    ]
