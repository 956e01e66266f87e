"""Lists in the order of what is looked at and bought."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0011_in_one_order")]

    operations = [
        migrations.AddIndex(
            "entry",
            models.Index(fields=["store", "-popularity", "-listed_at", "-product"], name="search_entry_popular"),
        ),
    ]
