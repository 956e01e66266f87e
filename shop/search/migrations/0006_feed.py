"""Noting which rows of search change, for those merchants whose rows are told to OpenSearch as well."""

import shop.stores.fields
from django.db import migrations, models

NOTE = """
CREATE FUNCTION search_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM search_feed) THEN
        INSERT INTO search_change (merchant_id, product_id) SELECT DISTINCT merchant_id, product_id FROM changed;
    END IF;
    RETURN NULL;
END $$
"""

TABLES = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def trigger(event: str) -> migrations.RunSQL:
    name = f"search_notes_{event.lower()}"
    create = f"""
        CREATE TRIGGER {name} AFTER {event} ON search_entry REFERENCING {TABLES[event]} TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION search_note()
    """
    return migrations.RunSQL(create, f"DROP TRIGGER {name} ON search_entry")


MERCHANT = ("merchant_id", models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False))
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("search", "0005_own_prices")]

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[ID, MERCHANT, ("making", models.CharField(blank=True, max_length=60))],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Change",
            fields=[ID, MERCHANT, ("product_id", models.BigIntegerField())],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(NOTE, "DROP FUNCTION search_note()"),
        *map(trigger, TABLES),
    ]
