"""What OpenSearch is told of a product in a store: its row of search, and the texts that the row has as a vector."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from .indexes import texts_of

ROWS = """
WITH member AS MATERIALIZED (
    SELECT id, id AS product_id, title, upc, code FROM catalogue_product WHERE id = ANY(%(ids)s)
     UNION ALL
    SELECT id, parent_id, title, upc, code FROM catalogue_product WHERE parent_id = ANY(%(ids)s) AND is_public
)
SELECT store.id, wanted.id, store.language, entry.sort_title, entry.product_class_id, entry.category_ids,
       entry.price::float8, entry.net::float8, entry.is_in_stock, entry.listed_at, entry.popularity,
       (CASE WHEN entry.is_in_stock THEN 1 ELSE 0.7 END * (1 + 0.025 * entry.popularity))::float8, product.title,
       (SELECT concat_ws(' ', string_agg(member.upc, ' '), string_agg(nullif(member.title, product.title), ' '),
                         string_agg(record.partner_sku, ' '))
          FROM member LEFT JOIN partner_stockrecord record ON record.product_id = member.id
         WHERE member.product_id = product.id),
       (SELECT string_agg(concat_ws(' ', value.value_text, chosen.option, value.value_integer), ' ')
          FROM member JOIN catalogue_productattributevalue value ON value.product_id = member.id
          LEFT JOIN catalogue_attributeoption chosen ON chosen.id = value.value_option_id
         WHERE member.product_id = product.id),
       (SELECT string_agg(name, ' ') FROM catalogue_category WHERE id = ANY(entry.category_ids)),
       regexp_replace(left(product.description, 50000), '<[^>]*>', ' ', 'g'),
       ARRAY(SELECT depth || ':' || id FROM catalogue_category WHERE id = ANY(entry.category_ids) ORDER BY path)
  FROM unnest(%(ids)s::bigint[]) AS wanted (id) CROSS JOIN stores_store store
  LEFT JOIN search_entry entry ON entry.product_id = wanted.id AND entry.store_id = store.id
  LEFT JOIN catalogue_product product ON product.id = entry.product_id
 ORDER BY store.id, wanted.id
"""
MOMENT = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"


@dataclass(frozen=True)
class Document:
    id: str
    source: dict[str, Any] | None
    """None of what the store does not show."""


def read(product_ids: list[int]) -> tuple[int, list[Document]]:
    """These products in each of the merchant's stores, and the microsecond before which they were so."""
    with connection.cursor() as cursor:
        cursor.execute(MOMENT)
        moment = cursor.fetchone()[0]
        cursor.execute(ROWS, {"ids": product_ids})
        return moment, [_document(row) for row in cursor.fetchall()]


def _document(row: tuple[Any, ...]) -> Document:
    store_id, product_id, language, sort_title, class_id, category_ids, price, net, is_in_stock, listed_at, *rest = row
    popularity, push, title, codes, facts, names, description, levels = rest
    name = f"{store_id}-{product_id}"
    if title is None:
        return Document(name, None)
    texts = {"title": title, "codes": codes, "facts": facts, "categories": names, "description": description}
    return Document(
        name,
        {
            "store_id": store_id,
            "product_id": product_id,
            "sort_title": sort_title,
            "class_id": class_id,
            "category_ids": category_ids,
            "categories": levels,
            "price": price,
            "net": net,
            "is_in_stock": is_in_stock,
            "listed_at": listed_at.isoformat(),
            "popularity": popularity,
            "push": push,
            "texts": {texts_of(language).partition(".")[2]: {name: text for name, text in texts.items() if text}},
        },
    )
