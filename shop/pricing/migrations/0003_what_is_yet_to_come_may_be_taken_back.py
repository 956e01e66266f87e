"""A tier that a revision retires only later is not retired yet: that revision may be undone."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION pricing_only_retire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT ({allowed})
       OR to_jsonb(OLD) - '{{retired_in_id,counts_until}}'::text[] <> to_jsonb(NEW) - '{{retired_in_id,counts_until}}'::text[]
    THEN
        RAISE EXCEPTION 'A price tier is never changed: retire it, and add another.'
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

RETIRES = "OLD.retired_in_id IS NULL AND NEW.retired_in_id IS NOT NULL"
TAKES_BACK = "OLD.counts_until > clock_timestamp() AND NEW.retired_in_id IS NULL"


class Migration(migrations.Migration):
    dependencies = [("pricing", "0002_tiers_are_only_retired")]

    operations = [
        migrations.RunSQL(
            FUNCTION.format(allowed=f"{RETIRES} OR coalesce({TAKES_BACK}, false)"), FUNCTION.format(allowed=RETIRES)
        )
    ]
