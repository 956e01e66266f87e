"""Let a first load of a catalogue take time by the product.

A table that has just been filled has no statistics: the planner takes it for empty and reads all of it once for each
product. What these functions ask for is always a few rows by an index.
"""

from django.db import migrations

REFRESH = "ALTER FUNCTION search_refresh(bigint[])"
ROWS = "ALTER FUNCTION search_rows(bigint[])"


class Migration(migrations.Migration):
    dependencies = [("search", "0002_follow_the_catalogue")]

    operations = [
        migrations.RunSQL(f"{REFRESH} SET enable_seqscan = off", f"{REFRESH} RESET ALL"),
        migrations.RunSQL(
            f"{ROWS} SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off", f"{ROWS} RESET ALL"
        ),
    ]
