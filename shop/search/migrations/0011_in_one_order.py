"""In which order the words of a product's parts stand in its row: in whatever order they were found, rows that were made
alone and rows that were made with others differed. `search_index` writes anew those that there are."""

from importlib import import_module

from django.db import migrations

fifth = import_module("shop.search.migrations.0005_own_prices")
before = import_module("shop.search.migrations.0007_popularity")

ROWS = fifth.changed(before.ROWS, before.CHANGES)
CHANGES = {
    "string_agg(partner_sku, ' ')": "string_agg(partner_sku, ' ' ORDER BY id)",
    "string_agg(member.upc, ' ')": "string_agg(member.upc, ' ' ORDER BY member.id)",
    "string_agg(nullif(member.title, product.title), ' ')": """
           string_agg(nullif(member.title, product.title), ' ' ORDER BY member.id)
    """,
    "string_agg(sku.codes, ' ')": "string_agg(sku.codes, ' ' ORDER BY member.id)",
    "SELECT product_id, value_text,": "SELECT id, product_id, value_text,",
    "value.value_integer), ' ')": "value.value_integer), ' ' ORDER BY member.id, value.id)",
}


class Migration(migrations.Migration):
    dependencies = [("search", "0010_interest")]

    operations = [fifth.replaced(ROWS, CHANGES)]
