"""Search follows the stock by a statement whose plan is kept: planned anew with each order, as the triggers of what seldom
changes do it, it took as long as all that the order asks of its stock."""

from importlib import import_module

from django.db import migrations

own = import_module("shop.search.migrations.0005_own_prices")
first = import_module("shop.search.migrations.0002_follow_the_catalogue")

QUERY = own.changed(first.FOLLOWED[own.STOCKED], own.FOLLOWED)
FUNCTION = f"""
CREATE FUNCTION search_follow_stock() RETURNS trigger LANGUAGE plpgsql
   SET enable_nestloop = off SET jit = off AS $$
DECLARE product_ids bigint[] := ({QUERY});
BEGIN
    IF product_ids IS NOT NULL THEN PERFORM search_refresh(product_ids); END IF;
    RETURN NULL;
END $$
"""
TRIGGER = f"""
CREATE TRIGGER search_follows_update AFTER UPDATE ON partner_stockrecord REFERENCING {first.TABLES["UPDATE"]}
FOR EACH STATEMENT EXECUTE FUNCTION search_follow_stock()
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_first_location_named"), ("search", "0005_own_prices")]

    operations = [
        migrations.RunSQL(own.DROP, first.trigger(*own.STOCKED, QUERY)[0]),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION search_follow_stock()"),
        migrations.RunSQL(TRIGGER, own.DROP),
    ]
