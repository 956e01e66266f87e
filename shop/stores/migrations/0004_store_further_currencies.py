import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stores", "0003_store_hides_prices")]

    operations = [
        migrations.AddField(
            "store",
            "further_currencies",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3),
                blank=True,
                default=list,
                help_text="That shoppers may choose. Prices in them come from price lists.",
                size=None,
                verbose_name="further currencies",
            ),
        ),
    ]
