"""What a statement of search needs to reckon each buyer's own prices: of each row its price without tax, whether it is
sold in variants, and whether some of it is priced by lists alone."""

from importlib import import_module

from django.db import migrations, models

before = import_module("shop.search.migrations.0002_follow_the_catalogue")

WITHOUT_DECIMALS = (
    "ADP AFN ALL BIF BYR CLP DJF ESP GNF IQD IRR ISK ITL JPY KMF KPW KRW LAK LBP LUF MGA MGF MMK MRO PYG RSD RWF SLL SOS "
    "STD SYP TMM TRL UGX UYI VND VUV XAF XOF XPF YER ZMK ZWD"
)
"""As `babel.numbers.get_currency_precision` says."""

# What is sold ahead can be bought, and so says from which price on a product is sold in variants.
CHANGES = {
    "OR coalesce(record.num_in_stock, 0) > coalesce(record.num_allocated, 0) AS is_in_stock\n": """
               OR coalesce(record.num_in_stock, 0) > coalesce(record.num_allocated, 0) AS is_in_stock, NOT product.track_stock
               OR coalesce(record.num_in_stock, 0) - coalesce(record.num_allocated, 0)
                  + CASE WHEN record.sold_ahead = '' THEN 0 ELSE coalesce(record.most_ahead, 2000000000) END > 0
               AS can_be_bought
""",
    "coalesce(min(price) FILTER (WHERE is_in_stock), min(price)) AS price\n": """
           coalesce(min(price) FILTER (WHERE can_be_bought), min(price)) AS price, count(*) AS members
""",
    "value AS MATERIALIZED (": """
stocked AS (
    SELECT member.product_id, count(DISTINCT member.id) AS members
      FROM record JOIN member ON member.id = record.product_id GROUP BY member.product_id
),
value AS MATERIALIZED (""",
    "product.product_class_id,\n": "product.product_class_id, product.structure,\n",
    "round(offer.price * (1 + listing.tax_rate), 2)": f"""round(offer.price * (1 + listing.tax_rate),
           CASE WHEN listing.currency = ANY(string_to_array('{WITHOUT_DECIMALS}', ' ')) THEN 0 ELSE 2 END)""",
    "listing.product_id, listing.store_id\n": """listing.product_id, listing.store_id,
       offer.price, product.structure = 'parent', coalesce(stocked.members, 0) > coalesce(offer.members, 0)
""",
    "  LEFT JOIN facts": "  LEFT JOIN stocked ON stocked.product_id = product.id\n  LEFT JOIN facts",
}
REFRESHED = {
    "is_in_stock = fresh.is_in_stock, listed": """is_in_stock = fresh.is_in_stock, net = fresh.net,
                            has_variants = fresh.has_variants, leans_on_lists = fresh.leans_on_lists, listed""",
}
FOLLOWED = {
    f"coalesce({row}.num_in_stock, 0) > coalesce({row}.num_allocated, 0))": f"""
                    coalesce({row}.num_in_stock, 0) > coalesce({row}.num_allocated, 0), {row}.sold_ahead = '' OR
                    coalesce({row}.num_in_stock, 0) - coalesce({row}.num_allocated, 0) + coalesce({row}.most_ahead, 0) > 0,
                    {row}.sold_ahead = '', {row}.most_ahead IS NULL)"""
    for row in ("before", "changed")
}


def changed(statement: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert statement.count(old) == 1, old
        statement = statement.replace(old, new)
    return statement


def replaced(statement: str, changes: dict[str, str]) -> migrations.RunSQL:
    """A function with changes, and back."""
    new, old = (each.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") for each in (changed(statement, changes), statement))
    return migrations.RunSQL(new, old)


STOCKED = "partner_stockrecord", "UPDATE"
DROP = "DROP TRIGGER search_follows_update ON partner_stockrecord"

# The view's columns are those that the table had when it was made.
VIEW = before.SCOPED.replace("CREATE VIEW", "CREATE OR REPLACE VIEW")
DROP_VIEW = "DROP VIEW search_scoped"

# Batches, since what a call reads it holds.
REFRESH = """
DO $$ DECLARE product_ids bigint[]; BEGIN
    FOR product_ids IN SELECT array_agg(product_id) FROM (
        SELECT product_id, row_number() OVER (ORDER BY product_id) / 2000 AS batch FROM search_entry) AS row GROUP BY batch
    LOOP PERFORM search_refresh(product_ids); END LOOP;
END $$
"""


INDEXES = (
    models.Index(fields=["store", "-listed_at", "-product"], name="search_entry_newest"),
    models.Index(fields=["store", "price"], name="search_entry_cheapest"),
    models.Index("store", models.F("price").desc(nulls_last=True), name="search_entry_dearest"),
)
"""The orders of lists that are too long to be sorted."""


class Migration(migrations.Migration):
    dependencies = [("search", "0004_titles_by_their_beginning"), ("partner", "stoa_0002_sold_ahead")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, before.SCOPED),
        migrations.AddField("entry", "net", models.DecimalField(decimal_places=4, max_digits=14, null=True)),
        migrations.AddField("entry", "has_variants", models.BooleanField(db_default=False)),
        migrations.AddField("entry", "leans_on_lists", models.BooleanField(db_default=False)),
        replaced(before.ROWS, CHANGES),
        replaced(before.REFRESH, REFRESHED),
        migrations.RunSQL(VIEW, DROP_VIEW),
        migrations.RunSQL(DROP, before.trigger(*STOCKED, before.FOLLOWED[STOCKED])[0]),
        migrations.RunSQL(before.trigger(*STOCKED, changed(before.FOLLOWED[STOCKED], FOLLOWED))[0], DROP),
        migrations.RunSQL(REFRESH, migrations.RunSQL.noop),
        *(migrations.AddIndex("entry", index) for index in INDEXES),
    ]
