from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0032_category_exclude_from_menu_category_long_description")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="renditions",
            field=models.JSONField(db_default={}, default=dict, editable=False),
        )
        for model in ("category", "productimage")
    ]
