from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partner", "0007_partneraddress_code")]

    operations = [
        migrations.AlterField(
            model_name="stockrecord",
            name="price",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="Price"),
        ),
    ]
