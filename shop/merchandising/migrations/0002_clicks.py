from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("merchandising", "0001_initial")]

    operations = [
        migrations.AddField(
            "searchcount", "clicks", models.PositiveIntegerField(db_default=0, verbose_name="clicked")
        ),
        migrations.AddField("searchcount", "places", models.PositiveIntegerField(db_default=0)),
    ]
