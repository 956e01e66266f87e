"""The database itself refuses to change a tier: a receipt that names one can be replayed."""

from django.db import migrations

ONLY_RETIRE = """
CREATE FUNCTION pricing_only_retire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retired_in_id IS NOT NULL OR NEW.retired_in_id IS NULL
       OR to_jsonb(OLD) - '{retired_in_id,counts_until}'::text[] <> to_jsonb(NEW) - '{retired_in_id,counts_until}'::text[]
    THEN
        RAISE EXCEPTION 'A price tier is never changed: retire it, and add another.'
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pricing_only_retire BEFORE UPDATE ON pricing_pricetier
    FOR EACH ROW EXECUTE FUNCTION pricing_only_retire();
"""


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]

    operations = [
        migrations.RunSQL(
            ONLY_RETIRE, "DROP TRIGGER pricing_only_retire ON pricing_pricetier; DROP FUNCTION pricing_only_retire()"
        )
    ]
