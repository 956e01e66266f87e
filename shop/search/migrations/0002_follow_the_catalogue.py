"""The database keeps the rows of search itself: functions that make them, and triggers that call those."""

from django.db import migrations

CONFIG = """
CREATE FUNCTION search_config(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE split_part(language, '-', 1)
        WHEN 'da' THEN 'danish' WHEN 'de' THEN 'german' WHEN 'en' THEN 'english' WHEN 'es' THEN 'spanish'
        WHEN 'fi' THEN 'finnish' WHEN 'fr' THEN 'french' WHEN 'hu' THEN 'hungarian' WHEN 'it' THEN 'italian'
        WHEN 'nb' THEN 'norwegian' WHEN 'nl' THEN 'dutch' WHEN 'no' THEN 'norwegian' WHEN 'pt' THEN 'portuguese'
        WHEN 'ro' THEN 'romanian' WHEN 'ru' THEN 'russian' WHEN 'sv' THEN 'swedish' WHEN 'tr' THEN 'turkish'
        ELSE 'simple' END::regconfig
$$
"""

# What a row of search is made of, in the order of the table's columns. Text is cut off long before a vector would be too
# long to be kept (1 MB).
#
# Each table is read once, by the keys of all that is asked for, and what was read is joined by hashing. So a call takes
# time by its products under any statistics; joined row by row, tables that PostgreSQL takes for empty (filled since it
# last looked, or looked at while a load was rolled back) were read whole once for each product.
# What must be joined row by row nonetheless (the levels of a path) then looks so dear that PostgreSQL would compile each
# call to machine code, for half a second: so no JIT.
ROWS = """
CREATE FUNCTION search_rows(product_ids bigint[]) RETURNS SETOF search_entry LANGUAGE sql STABLE
   SET enable_nestloop = off SET jit = off AS $$
WITH listing AS MATERIALIZED (
    SELECT listing.*, store.currency, store.tax_display, store.tax_rate, search_config(store.language) AS config
      FROM listings_listing listing JOIN stores_store store ON store.id = listing.store_id
     WHERE listing.product_id = ANY(product_ids)
),
product AS MATERIALIZED (
    SELECT product.id, product.title, product.upc, product.description, product.product_class_id,
           coalesce(class.track_stock, true) AS track_stock
      FROM catalogue_product product LEFT JOIN catalogue_productclass class ON class.id = product.product_class_id
     WHERE product.id = ANY(product_ids) AND product.is_public
),
member AS MATERIALIZED (
    SELECT id AS product_id, id, title, upc FROM product
     UNION ALL
    SELECT parent_id, id, title, upc FROM catalogue_product WHERE parent_id = ANY(product_ids) AND is_public
),
record AS MATERIALIZED (
    SELECT * FROM partner_stockrecord WHERE product_id = ANY(ARRAY(SELECT id FROM member))
),
sku AS (SELECT product_id, string_agg(partner_sku, ' ') AS codes FROM record GROUP BY product_id),
family AS (
    SELECT product.id AS product_id, left(concat_ws(' ', string_agg(member.upc, ' '),
           string_agg(nullif(member.title, product.title), ' '), string_agg(sku.codes, ' ')), 50000) AS codes
      FROM product JOIN member ON member.product_id = product.id LEFT JOIN sku ON sku.product_id = member.id
     GROUP BY product.id
),
taken AS (
    SELECT DISTINCT ON (record.product_id, record.price_currency)
           product.id AS product_id, record.price_currency AS currency, record.price, NOT product.track_stock
               OR coalesce(record.num_in_stock, 0) > coalesce(record.num_allocated, 0) AS is_in_stock
      FROM record JOIN member ON member.id = record.product_id JOIN product ON product.id = member.product_id
     WHERE record.price IS NOT NULL
     ORDER BY record.product_id, record.price_currency, record.id
),
offer AS (
    SELECT product_id, currency, bool_or(is_in_stock) AS is_in_stock,
           coalesce(min(price) FILTER (WHERE is_in_stock), min(price)) AS price
      FROM taken GROUP BY product_id, currency
),
value AS MATERIALIZED (
    SELECT product_id, value_text, value_integer, value_option_id FROM catalogue_productattributevalue
     WHERE product_id = ANY(ARRAY(SELECT id FROM member))
),
chosen AS MATERIALIZED (
    SELECT id, option FROM catalogue_attributeoption WHERE id = ANY(ARRAY(SELECT DISTINCT value_option_id FROM value))
),
facts AS (
    SELECT member.product_id, left(string_agg(concat_ws(' ', value.value_text, chosen.option, value.value_integer), ' '),
           50000) AS text
      FROM value JOIN member ON member.id = value.product_id LEFT JOIN chosen ON chosen.id = value.value_option_id
     GROUP BY member.product_id
),
link AS MATERIALIZED (
    SELECT product_id, category_id FROM catalogue_productcategory WHERE product_id = ANY(product_ids)
),
own AS MATERIALIZED (
    SELECT category.id, left(category.path, 4 * level) AS path
      FROM catalogue_category category CROSS JOIN generate_series(1, category.depth) AS level
     WHERE category.id = ANY(ARRAY(SELECT DISTINCT category_id FROM link))
       AND category.is_public AND category.ancestors_are_public
),
above AS MATERIALIZED (
    SELECT id, path, name FROM catalogue_category WHERE path = ANY(ARRAY(SELECT DISTINCT path FROM own))
),
category AS (
    SELECT link.product_id, array_agg(DISTINCT above.id) AS ids,
           left(string_agg(DISTINCT above.name, ' '), 50000) AS names
      FROM link JOIN own ON own.id = link.category_id JOIN above ON above.path = own.path
     GROUP BY link.product_id
)
SELECT listing.merchant_id, listing.id,
       setweight(to_tsvector(listing.config, unaccent(product.title)), 'A')
           || setweight(to_tsvector('simple', unaccent(product.title)), 'A')
           || setweight(to_tsvector('simple', unaccent(family.codes)), 'A')
           || setweight(to_tsvector(listing.config, unaccent(coalesce(facts.text, ''))), 'B')
           || setweight(to_tsvector(listing.config, unaccent(coalesce(category.names, ''))), 'C')
           || setweight(to_tsvector(listing.config, unaccent(regexp_replace(
                  left(product.description, 50000), '<[^>]*>', ' ', 'g'))), 'D'),
       lower(unaccent(product.title)), product.product_class_id, coalesce(category.ids, '{}'),
       CASE listing.tax_display WHEN 'incl' THEN round(offer.price * (1 + listing.tax_rate), 2) ELSE offer.price END,
       coalesce(offer.is_in_stock, false), listing.listed_at, listing.product_id, listing.store_id
  FROM listing
  JOIN product ON product.id = listing.product_id
  JOIN family ON family.product_id = product.id
  LEFT JOIN offer ON offer.product_id = product.id AND offer.currency = listing.currency
  LEFT JOIN facts ON facts.product_id = product.id
  LEFT JOIN category ON category.product_id = product.id
$$
"""

# Listings are locked first, so that of two transactions that change one product the second sees what the first wrote.
# Only rows that differ are written: an order that leaves something in stock touches none.
REFRESH = """
CREATE FUNCTION search_refresh(product_ids bigint[]) RETURNS void LANGUAGE plpgsql
   SET enable_nestloop = off SET jit = off AS $$
BEGIN
    PERFORM FROM listings_listing WHERE product_id = ANY(product_ids) ORDER BY id FOR NO KEY UPDATE;
    WITH fresh AS MATERIALIZED (SELECT * FROM search_rows(product_ids)),
         held AS MATERIALIZED (SELECT listing_id FROM search_entry WHERE product_id = ANY(product_ids)),
         gone AS (DELETE FROM search_entry entry WHERE entry.product_id = ANY(product_ids)
                     AND entry.listing_id NOT IN (SELECT listing_id FROM fresh)),
         changed AS (UPDATE search_entry entry
                        SET text = fresh.text, sort_title = fresh.sort_title, price = fresh.price,
                            product_class_id = fresh.product_class_id, category_ids = fresh.category_ids,
                            is_in_stock = fresh.is_in_stock, listed_at = fresh.listed_at
                       FROM fresh WHERE fresh.listing_id = entry.listing_id AND entry.product_id = ANY(product_ids)
                        AND fresh IS DISTINCT FROM entry)
    INSERT INTO search_entry SELECT * FROM fresh WHERE listing_id NOT IN (SELECT listing_id FROM held)
        ON CONFLICT DO NOTHING;
END $$
"""

# The trigger's argument is a query that collects the ids of products from `changed` (and `before`), or NULL.
FOLLOW = """
CREATE FUNCTION search_follow() RETURNS trigger LANGUAGE plpgsql
   SET enable_nestloop = off SET jit = off AS $$
DECLARE product_ids bigint[];
BEGIN
    EXECUTE TG_ARGV[0] INTO product_ids;
    IF product_ids IS NOT NULL THEN PERFORM search_refresh(product_ids); END IF;
    RETURN NULL;
END $$
"""

SCOPED = """
CREATE VIEW search_scoped AS
    SELECT * FROM search_entry WHERE merchant_id = current_setting('stoa.merchant')::bigint
"""

FUNCTIONS = {
    "search_follow()": FOLLOW,
    "search_refresh(bigint[])": REFRESH,
    "search_rows(bigint[])": ROWS,
    "search_config(text)": CONFIG,
}

OF_PRODUCT = """
    SELECT array_agg(DISTINCT coalesce(parent_id, id)) FROM catalogue_product
     WHERE id = ANY(ARRAY(SELECT product_id FROM {changed}))
"""
BOTH = "(SELECT product_id FROM before UNION SELECT product_id FROM changed) changed"
EITHER = ("INSERT", "UPDATE", "DELETE")

FOLLOWED = {
    ("listings_listing", "INSERT"): "SELECT array_agg(product_id) FROM changed",
    ("listings_listing", "DELETE"): "SELECT array_agg(product_id) FROM changed",
    **{("catalogue_product", event): "SELECT array_agg(DISTINCT coalesce(parent_id, id)) FROM changed" for event in EITHER},
    ("catalogue_productcategory", "INSERT"): OF_PRODUCT.format(changed="changed"),
    ("catalogue_productcategory", "UPDATE"): OF_PRODUCT.format(changed=BOTH),
    ("catalogue_productcategory", "DELETE"): OF_PRODUCT.format(changed="changed"),
    ("catalogue_productattributevalue", "INSERT"): OF_PRODUCT.format(changed="changed"),
    ("catalogue_productattributevalue", "UPDATE"): OF_PRODUCT.format(changed=BOTH),
    ("catalogue_productattributevalue", "DELETE"): OF_PRODUCT.format(changed="changed"),
    ("partner_stockrecord", "INSERT"): OF_PRODUCT.format(changed="changed"),
    ("partner_stockrecord", "DELETE"): OF_PRODUCT.format(changed="changed"),
    ("partner_stockrecord", "UPDATE"): OF_PRODUCT.format(
        changed="""(
            SELECT unnest(ARRAY[before.product_id, changed.product_id]) AS product_id
              FROM before JOIN changed USING (id)
             WHERE (before.product_id, before.price, before.price_currency, before.partner_sku,
                    coalesce(before.num_in_stock, 0) > coalesce(before.num_allocated, 0)) IS DISTINCT FROM
                   (changed.product_id, changed.price, changed.price_currency, changed.partner_sku,
                    coalesce(changed.num_in_stock, 0) > coalesce(changed.num_allocated, 0))) changed"""
    ),
    ("catalogue_category", "UPDATE"): """
        SELECT array_agg(DISTINCT product_id) FROM catalogue_productcategory WHERE category_id = ANY(ARRAY(
            SELECT own.id
              FROM before JOIN changed USING (id) JOIN catalogue_category own ON own.path LIKE changed.path || '%'
             WHERE (before.path, before.name, before.is_public, before.ancestors_are_public) IS DISTINCT FROM
                   (changed.path, changed.name, changed.is_public, changed.ancestors_are_public)))""",
    ("catalogue_productclass", "UPDATE"): """
        SELECT array_agg(id) FROM catalogue_product WHERE product_class_id = ANY(ARRAY(
            SELECT id FROM before JOIN changed USING (id)
             WHERE before.track_stock IS DISTINCT FROM changed.track_stock))""",
    ("catalogue_attributeoption", "UPDATE"): OF_PRODUCT.format(
        changed="""catalogue_productattributevalue
                    WHERE value_option_id = ANY(ARRAY(SELECT id FROM changed))"""
    ),
    ("stores_store", "UPDATE"): """
        SELECT array_agg(DISTINCT product_id) FROM listings_listing WHERE store_id = ANY(ARRAY(
            SELECT id FROM before JOIN changed USING (id)
             WHERE (before.language, before.currency, before.tax_display, before.tax_rate) IS DISTINCT FROM
                   (changed.language, changed.currency, changed.tax_display, changed.tax_rate)))""",
}
"""What each change of a table means for search: a table, an event, and the query for the products concerned."""

TABLES = {
    "INSERT": "NEW TABLE AS changed",
    "UPDATE": "OLD TABLE AS before NEW TABLE AS changed",
    "DELETE": "OLD TABLE AS changed",
}


def trigger(table: str, event: str, query: str) -> tuple[str, str]:
    name = f"search_follows_{event.lower()}"
    create = f"""
        CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {TABLES[event]}
        FOR EACH STATEMENT EXECUTE FUNCTION search_follow($query${query}$query$)
    """
    return create, f"DROP TRIGGER {name} ON {table}"


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_initial"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
        ("partner", "stoa_0001_prices_of_four_decimals"),
    ]

    operations = [
        *(migrations.RunSQL(create, f"DROP FUNCTION {name}") for name, create in reversed(FUNCTIONS.items())),
        migrations.RunSQL(SCOPED, "DROP VIEW search_scoped"),
        *(migrations.RunSQL(*trigger(table, event, query)) for (table, event), query in FOLLOWED.items()),
    ]
