"""A merchant's first location is called in the language of their first store."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION inventory_first_location(merchant bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT id INTO found FROM inventory_location WHERE merchant_id = merchant
         ORDER BY is_active DESC, priority, id LIMIT 1;
        IF found IS NOT NULL THEN RETURN found; END IF;
        INSERT INTO inventory_location (merchant_id, name, code, kind, line1, line4, postcode, priority, is_active)
            VALUES (merchant, %s, 'main', 'warehouse', '', '', '', 0, true) ON CONFLICT DO NOTHING;
    END LOOP;
    RAISE EXCEPTION 'Merchant %% has no location.', merchant;
END $$
"""
ENGLISH = "'Main warehouse'"
BY_LANGUAGE = f"""CASE (SELECT left(language, 2) FROM stores_store WHERE merchant_id = merchant ORDER BY id LIMIT 1)
            WHEN 'de' THEN 'Hauptlager' ELSE {ENGLISH} END"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_open_the_ledger"), ("stores", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTION % BY_LANGUAGE, FUNCTION % ENGLISH)]
