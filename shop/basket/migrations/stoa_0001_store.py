import django.db.models.deletion
from django.db import migrations, models

from shop.stores.current import current_store_id


class Migration(migrations.Migration):
    dependencies = [("basket", "0012_line_code"), ("stores", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="basket",
            name="store",
            field=models.ForeignKey(
                default=current_store_id,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="baskets",
                to="stores.store",
            ),
        ),
        migrations.AlterField(
            model_name="line",
            name="price_excl_tax",
            field=models.DecimalField(decimal_places=4, max_digits=14, null=True, verbose_name="Price excl. Tax"),
        ),
        migrations.AlterField(
            model_name="line",
            name="price_incl_tax",
            field=models.DecimalField(decimal_places=4, max_digits=14, null=True, verbose_name="Price incl. Tax"),
        ),
        migrations.AddConstraint(
            model_name="basket",
            constraint=models.UniqueConstraint(
                condition=models.Q(status__in=["Open", "Saved"]),
                fields=("store", "owner", "status"),
                name="one_open_and_one_saved_basket",
            ),
        ),
    ]
