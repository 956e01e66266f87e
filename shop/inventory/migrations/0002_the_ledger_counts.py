"""The database keeps levels and stock records the sum of the ledger, whoever writes (docs/adr/0012)."""

from django.db import migrations

# Where goods come to that nobody has said a location of. A merchant's first location is made when it is needed.
FIRST_LOCATION = """
CREATE FUNCTION inventory_first_location(merchant bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT id INTO found FROM inventory_location WHERE merchant_id = merchant
         ORDER BY is_active DESC, priority, id LIMIT 1;
        IF found IS NOT NULL THEN RETURN found; END IF;
        INSERT INTO inventory_location (merchant_id, name, code, kind, line1, line4, postcode, priority, is_active)
            VALUES (merchant, 'Main warehouse', 'main', 'warehouse', '', '', '', 0, true) ON CONFLICT DO NOTHING;
    END LOOP;
    RAISE EXCEPTION 'Merchant % has no location.', merchant;
END $$
"""

# Movements into levels, and levels into stock records, whose rows are locked first and in the order of their keys.
APPLY = """
CREATE FUNCTION inventory_apply() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE record_ids bigint[];
BEGIN
    SELECT array_agg(DISTINCT stockrecord_id) INTO record_ids FROM added;
    IF record_ids IS NULL THEN RETURN NULL; END IF;
    PERFORM FROM partner_stockrecord WHERE id = ANY(record_ids) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO inventory_stocklevel (merchant_id, stockrecord_id, location_id, on_hand, allocated)
        SELECT DISTINCT merchant_id, stockrecord_id, location_id, 0, 0 FROM added ON CONFLICT DO NOTHING;
    UPDATE inventory_stocklevel level SET on_hand = level.on_hand + moved.quantity
      FROM (SELECT stockrecord_id, location_id, sum(quantity)::integer AS quantity
              FROM added GROUP BY stockrecord_id, location_id) moved
     WHERE level.stockrecord_id = moved.stockrecord_id AND level.location_id = moved.location_id
       AND level.stockrecord_id = ANY(record_ids);
    UPDATE partner_stockrecord record SET num_in_stock = total.on_hand
      FROM (SELECT stockrecord_id, sum(on_hand)::integer AS on_hand FROM inventory_stocklevel
             WHERE stockrecord_id = ANY(record_ids) GROUP BY stockrecord_id) total
     WHERE record.id = total.stockrecord_id AND record.num_in_stock IS DISTINCT FROM total.on_hand;
    RETURN NULL;
END $$
"""

# What somebody else wrote into `num_in_stock` becomes movements: more comes to the first location; less is taken from
# the locations in their order. What the function above wrote differs from no sum, so this one then finds nothing.
RECONCILE = """
CREATE FUNCTION inventory_reconcile() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE record_ids bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO record_ids FROM changed WHERE num_in_stock > 0;
    ELSE
        SELECT array_agg(id) INTO record_ids FROM changed JOIN before USING (id)
         WHERE coalesce(changed.num_in_stock, 0) <> coalesce(before.num_in_stock, 0);
    END IF;
    IF record_ids IS NULL THEN RETURN NULL; END IF;
    WITH held AS (
        SELECT level.stockrecord_id, level.location_id, level.on_hand,
               sum(level.on_hand) OVER (PARTITION BY level.stockrecord_id ORDER BY location.priority, location.id)
                   - level.on_hand AS before_it
          FROM inventory_stocklevel level JOIN inventory_location location ON location.id = level.location_id
         WHERE level.stockrecord_id = ANY(record_ids)
    ),
    difference AS (
        SELECT record.merchant_id, record.id, record.partner_sku,
               coalesce(record.num_in_stock, 0) - coalesce(total.on_hand, 0) AS pieces
          FROM changed record
          LEFT JOIN (SELECT stockrecord_id, sum(on_hand) AS on_hand FROM held GROUP BY stockrecord_id) total
            ON total.stockrecord_id = record.id
         WHERE record.id = ANY(record_ids)
    ),
    first AS MATERIALIZED (
        SELECT merchant_id, inventory_first_location(merchant_id) AS location_id
          FROM (SELECT DISTINCT merchant_id FROM difference WHERE pieces > 0) merchants
    ),
    wanted AS (
        SELECT difference.*, first.location_id, pieces AS quantity
          FROM difference JOIN first USING (merchant_id) WHERE pieces > 0
         UNION ALL
        SELECT difference.*, held.location_id, -least(held.on_hand, -pieces - held.before_it)
          FROM difference JOIN held ON held.stockrecord_id = difference.id
         WHERE pieces < 0 AND held.on_hand > 0 AND held.before_it < -pieces
    )
    INSERT INTO inventory_stockmovement (merchant_id, stockrecord_id, sku, location_id, quantity, cause, reference)
        SELECT merchant_id, id, partner_sku, location_id, quantity::integer,
               CASE TG_OP WHEN 'INSERT' THEN 'count' ELSE 'correction' END, ''
          FROM wanted ORDER BY id, location_id;
    RETURN NULL;
END $$
"""

# A basket that changes is promised nothing more until its buyer comes to the payment again.
LET_GO = """
CREATE FUNCTION inventory_let_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM inventory_reservation WHERE basket_id = ANY(ARRAY(
            SELECT unnest(ARRAY[before.basket_id, changed.basket_id]) FROM before JOIN changed USING (id)
             WHERE (before.basket_id, before.stockrecord_id, before.quantity)
                   IS DISTINCT FROM (changed.basket_id, changed.stockrecord_id, changed.quantity)));
    ELSE
        DELETE FROM inventory_reservation WHERE basket_id = ANY(ARRAY(SELECT basket_id FROM changed));
    END IF;
    RETURN NULL;
END $$
"""

FUNCTIONS = {
    "inventory_first_location(bigint)": FIRST_LOCATION,
    "inventory_apply()": APPLY,
    "inventory_reconcile()": RECONCILE,
    "inventory_let_go()": LET_GO,
}

NEW, BOTH, OLD = "NEW TABLE AS changed", "OLD TABLE AS before NEW TABLE AS changed", "OLD TABLE AS changed"
TRIGGERS = {
    ("inventory_stockmovement", "INSERT"): ("NEW TABLE AS added", "inventory_apply"),
    ("partner_stockrecord", "INSERT"): (NEW, "inventory_reconcile"),
    ("partner_stockrecord", "UPDATE"): (BOTH, "inventory_reconcile"),
    ("basket_line", "INSERT"): (NEW, "inventory_let_go"),
    ("basket_line", "UPDATE"): (BOTH, "inventory_let_go"),
    ("basket_line", "DELETE"): (OLD, "inventory_let_go"),
}


def trigger(table: str, event: str, tables: str, function: str) -> migrations.RunSQL:
    name = f"{function}_{event.lower()}"
    create = f"""CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {tables}
                 FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""
    return migrations.RunSQL(create, f"DROP TRIGGER {name} ON {table}")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial"), ("basket", "stoa_0002_noted_quantities")]

    operations = [
        *(migrations.RunSQL(create, f"DROP FUNCTION {name}") for name, create in FUNCTIONS.items()),
        *(trigger(*key, *value) for key, value in TRIGGERS.items()),
    ]
