"""The words of each store, to mend slips of the keyboard by: a table, the triggers that fill it, and its view."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import shop.stores.fields
from django.db import migrations, models

# Numbers are left out: one that is a digit off is another article. Longer words than people type are, too.
WORDS = """
CREATE FUNCTION search_words(title text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT word FROM unnest(tsvector_to_array(to_tsvector('simple', title))) AS word
     WHERE word ~ '^[[:alnum:]]{3,60}$' AND word ~ '[[:alpha:]]'
$$
"""

# There is no unique constraint, and nothing is taken away: imports that run side by side would wait for each other's
# words. One that two of them bring at once is there twice; one that is gone from all titles is no longer proposed.
# The statement is planned at each call, since it is right in different ways for one row and for a hundred thousand.
LEARN = """
CREATE FUNCTION search_learn() RETURNS trigger LANGUAGE plpgsql
   SET enable_seqscan = off SET jit = off AS $$
BEGIN
    EXECUTE 'INSERT INTO search_word (merchant_id, store_id, word)
        SELECT merchant_id, store_id, word
          FROM (SELECT DISTINCT changed.merchant_id, changed.store_id, word
                  FROM ' || TG_ARGV[0] || ' CROSS JOIN search_words(changed.sort_title) AS word) AS title
         WHERE NOT EXISTS (SELECT FROM search_word known
                            WHERE known.store_id = title.store_id AND known.word = title.word)';
    RETURN NULL;
END $$
"""
ON_INSERT = """
CREATE TRIGGER search_learns_insert AFTER INSERT ON search_entry REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_learn('changed')
"""
ON_UPDATE = """
CREATE TRIGGER search_learns_update AFTER UPDATE ON search_entry REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_learn(
        'before JOIN changed ON changed.listing_id = before.listing_id AND changed.sort_title <> before.sort_title')
"""

SCOPED = """
CREATE VIEW search_words_scoped AS
    SELECT * FROM search_word WHERE merchant_id = current_setting('stoa.merchant')::bigint
"""

# In a new database the plan gives rows their merchant when they are all made, and there is none yet.
FILL = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM search_entry) THEN
        INSERT INTO search_word (merchant_id, store_id, word)
        SELECT DISTINCT merchant_id, store_id, word FROM search_entry CROSS JOIN search_words(sort_title) AS word;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_follow_the_catalogue"),
        ("stores", "0002_store_content_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("merchant_id", models.BigIntegerField(db_default=shop.stores.fields.CurrentMerchant(), editable=False)),
                ("word", models.CharField(max_length=60)),
                (
                    "store",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["store", "word"], name="search_word_of_store"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="search_word_trigrams", opclasses=["gin_trgm_ops"]
                    ),
                ],
            },
        ),
        migrations.RunSQL(WORDS, "DROP FUNCTION search_words(text)"),
        migrations.RunSQL(LEARN, "DROP FUNCTION search_learn()"),
        migrations.RunSQL(ON_INSERT, "DROP TRIGGER search_learns_insert ON search_entry"),
        migrations.RunSQL(ON_UPDATE, "DROP TRIGGER search_learns_update ON search_entry"),
        migrations.RunSQL(SCOPED, "DROP VIEW search_words_scoped"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
