from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0003_word")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["store", "sort_title"],
                opclasses=["int8_ops", "text_pattern_ops"],
                name="search_entry_beginnings",
            ),
        ),
    ]
