"""Which rows a buyer's own prices may concern without a tier that names them."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("search", "0007_popularity")]

    operations = [
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["store"], condition=Q(has_variants=True) | Q(leans_on_lists=True), name="search_entry_particular"
            ),
        ),
    ]
