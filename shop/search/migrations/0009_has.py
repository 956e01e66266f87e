"""Whether a store has something in a category, asked of the index of categories whatever the planner guesses."""

from django.db import migrations

# Most categories have little, and the planner takes them for something that is found at once by reading all rows.
HAS = """
CREATE FUNCTION search_has(store bigint, category bigint) RETURNS boolean LANGUAGE sql STABLE
   SET enable_seqscan = off SET enable_indexscan = off AS $$
    SELECT EXISTS (SELECT FROM search_scoped WHERE store_id = store AND category_ids @> ARRAY[category])
$$
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0008_particular")]

    operations = [migrations.RunSQL(HAS, "DROP FUNCTION search_has(bigint, bigint)")]
