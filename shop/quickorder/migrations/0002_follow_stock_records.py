"""The database keeps the numbers itself: a function, and the triggers that call it."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION quickorder_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO quickorder_number (merchant_id, stock_record_id, product_id, folded)
        SELECT merchant_id, id, product_id, lower(partner_sku) FROM changed;
    ELSE
        UPDATE quickorder_number number SET product_id = changed.product_id, folded = lower(changed.partner_sku)
          FROM before JOIN changed USING (id)
         WHERE number.stock_record_id = id
           AND (before.product_id, before.partner_sku) IS DISTINCT FROM (changed.product_id, changed.partner_sku);
    END IF;
    RETURN NULL;
END $$
"""
ON_INSERT = """
CREATE TRIGGER quickorder_follows_insert AFTER INSERT ON partner_stockrecord
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION quickorder_follow()
"""
ON_UPDATE = """
CREATE TRIGGER quickorder_follows_update AFTER UPDATE ON partner_stockrecord
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION quickorder_follow()
"""

# Trigrams use no index under row security, behind a view that has the scope in it they do (docs/adr/0006).
SCOPED = """
CREATE VIEW quickorder_scoped AS
    SELECT * FROM quickorder_number WHERE merchant_id = current_setting('stoa.merchant')::bigint
"""

# In a new database the plan gives stock records their merchant when they are all made, and there is none yet.
FILL = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM partner_stockrecord) THEN
        INSERT INTO quickorder_number (merchant_id, stock_record_id, product_id, folded)
        SELECT merchant_id, id, product_id, lower(partner_sku) FROM partner_stockrecord;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("quickorder", "0001_initial"),
        ("partner", "stoa_0001_prices_of_four_decimals"),
        ("search", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FOLLOW, "DROP FUNCTION quickorder_follow()"),
        migrations.RunSQL(ON_INSERT, "DROP TRIGGER quickorder_follows_insert ON partner_stockrecord"),
        migrations.RunSQL(ON_UPDATE, "DROP TRIGGER quickorder_follows_update ON partner_stockrecord"),
        migrations.RunSQL(SCOPED, "DROP VIEW quickorder_scoped"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
