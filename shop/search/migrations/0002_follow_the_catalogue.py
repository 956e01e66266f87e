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

# What a row of search is made of, in the order of the table's columns. Text is cut off long before a vector would be too long to be kept (1 MB).
ROWS = """
CREATE FUNCTION search_rows(product_ids bigint[]) RETURNS SETOF search_entry LANGUAGE sql STABLE AS $$
    SELECT listing.merchant_id, listing.id,
           setweight(to_tsvector(language.config, unaccent(product.title)), 'A')
               || setweight(to_tsvector('simple', unaccent(product.title)), 'A')
               || setweight(to_tsvector('simple', unaccent(coalesce(family.codes, ''))), 'A')
               || setweight(to_tsvector(language.config, unaccent(coalesce(facts.text, ''))), 'B')
               || setweight(to_tsvector(language.config, unaccent(coalesce(categories.names, ''))), 'C')
               || setweight(to_tsvector(language.config, unaccent(regexp_replace(
                      left(product.description, 50000), '<[^>]*>', ' ', 'g'))), 'D'),
           lower(unaccent(product.title)), product.product_class_id, coalesce(categories.ids, '{}'),
           CASE store.tax_display WHEN 'incl' THEN round(offer.price * (1 + store.tax_rate), 2) ELSE offer.price END,
           coalesce(offer.is_in_stock, false), listing.listed_at, listing.product_id, listing.store_id
      FROM listings_listing listing
      JOIN stores_store store ON store.id = listing.store_id
      JOIN catalogue_product product ON product.id = listing.product_id AND product.is_public
      LEFT JOIN catalogue_productclass class ON class.id = product.product_class_id
     CROSS JOIN LATERAL (SELECT search_config(store.language) AS config) language
     CROSS JOIN LATERAL (
          SELECT array_agg(member.id) AS ids, left(concat_ws(' ', string_agg(member.upc, ' '),
                 string_agg(nullif(member.title, product.title), ' '),
                 string_agg((SELECT string_agg(record.partner_sku, ' ') FROM partner_stockrecord record
                              WHERE record.product_id = member.id), ' ')), 50000) AS codes
            FROM (SELECT product.id, product.title, product.upc
                   UNION ALL
                  SELECT variant.id, variant.title, variant.upc FROM catalogue_product variant
                   WHERE variant.parent_id = product.id AND variant.is_public) member
          ) family
     CROSS JOIN LATERAL (
          SELECT coalesce(min(price) FILTER (WHERE is_in_stock), min(price)) AS price, bool_or(is_in_stock) AS is_in_stock
            FROM (SELECT DISTINCT ON (record.product_id) record.price, NOT coalesce(class.track_stock, true)
                         OR coalesce(record.num_in_stock, 0) > coalesce(record.num_allocated, 0) AS is_in_stock
                    FROM partner_stockrecord record
                   WHERE record.product_id = ANY(family.ids) AND record.price_currency = store.currency
                     AND record.price IS NOT NULL
                   ORDER BY record.product_id, record.id) taken
          ) offer
     CROSS JOIN LATERAL (
          SELECT left(string_agg(concat_ws(' ', value.value_text, option.option, value.value_integer), ' '), 50000) AS text
            FROM catalogue_productattributevalue value
            LEFT JOIN catalogue_attributeoption option ON option.id = value.value_option_id
           WHERE value.product_id = ANY(family.ids)
          ) facts
     CROSS JOIN LATERAL (
          SELECT array_agg(DISTINCT above.id) AS ids, left(string_agg(DISTINCT above.name, ' '), 50000) AS names
            FROM catalogue_productcategory link
            JOIN catalogue_category own ON own.id = link.category_id AND own.is_public AND own.ancestors_are_public
           CROSS JOIN generate_series(1, own.depth) AS level
            JOIN catalogue_category above ON above.path = left(own.path, 4 * level)
           WHERE link.product_id = product.id
          ) categories
     WHERE listing.product_id = ANY(product_ids)
$$
"""

# Listings are locked first, so that of two transactions that change one product the second sees what the first wrote.
# Only rows that differ are written: an order that leaves something in stock touches none.
REFRESH = """
CREATE FUNCTION search_refresh(product_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM listings_listing WHERE product_id = ANY(product_ids) ORDER BY id FOR NO KEY UPDATE;
    WITH fresh AS MATERIALIZED (SELECT * FROM search_rows(product_ids)),
         gone AS (DELETE FROM search_entry entry WHERE entry.product_id = ANY(product_ids)
                     AND entry.listing_id NOT IN (SELECT listing_id FROM fresh)),
         changed AS (UPDATE search_entry entry
                        SET text = fresh.text, sort_title = fresh.sort_title, price = fresh.price,
                            product_class_id = fresh.product_class_id, category_ids = fresh.category_ids,
                            is_in_stock = fresh.is_in_stock, listed_at = fresh.listed_at
                       FROM fresh WHERE fresh.listing_id = entry.listing_id AND fresh IS DISTINCT FROM entry)
    INSERT INTO search_entry SELECT * FROM fresh
     WHERE NOT EXISTS (SELECT FROM search_entry entry WHERE entry.listing_id = fresh.listing_id)
        ON CONFLICT DO NOTHING;
END $$
"""

# The trigger's argument is a query that collects the ids of products from `changed` (and `before`), or NULL.
FOLLOW = """
CREATE FUNCTION search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
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
    SELECT array_agg(DISTINCT coalesce(product.parent_id, product.id))
      FROM {changed} JOIN catalogue_product product ON product.id = changed.product_id
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
        SELECT array_agg(DISTINCT link.product_id)
          FROM before JOIN changed USING (id)
          JOIN catalogue_category own ON own.path LIKE changed.path || '%'
          JOIN catalogue_productcategory link ON link.category_id = own.id
         WHERE (before.path, before.name, before.is_public, before.ancestors_are_public) IS DISTINCT FROM
               (changed.path, changed.name, changed.is_public, changed.ancestors_are_public)""",
    ("catalogue_productclass", "UPDATE"): """
        SELECT array_agg(product.id)
          FROM before JOIN changed USING (id) JOIN catalogue_product product ON product.product_class_id = changed.id
         WHERE before.track_stock IS DISTINCT FROM changed.track_stock""",
    ("catalogue_attributeoption", "UPDATE"): OF_PRODUCT.format(
        changed="""(SELECT value.product_id FROM catalogue_productattributevalue value
                      JOIN changed ON changed.id = value.value_option_id) changed"""
    ),
    ("stores_store", "UPDATE"): """
        SELECT array_agg(DISTINCT listing.product_id)
          FROM before JOIN changed USING (id) JOIN listings_listing listing ON listing.store_id = changed.id
         WHERE (before.language, before.currency, before.tax_display, before.tax_rate) IS DISTINCT FROM
               (changed.language, changed.currency, changed.tax_display, changed.tax_rate)""",
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
