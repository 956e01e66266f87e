from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("merchandising", "0002_clicks")]

    operations = [
        migrations.AddField("searchcount", "mended", models.PositiveIntegerField(db_default=0, verbose_name="mended")),
        migrations.AddField(
            "searchcount", "meant", models.CharField(db_default="", max_length=100, verbose_name="found instead")
        ),
    ]
