"""What each product that was found costs this buyer, within the statement of a search.

It is the price that cards show, of the smallest quantity that is sold: what `shop.pricing.tiers.quote` says of it, in
SQL. Who has no price lists and sees the store's currency gets the price of the row. For others the tiers of their lists
are read once, by an index, and joined to what was found: the work grows with what their lists price, not with the shop.
"""

from typing import Any

from shop.catalogue.models import Category
from shop.pricing.context import ListTerms, PriceContext
from shop.pricing.pricing import MOST_DECIMALS, get_currency_precision

COLUMNS = "net, has_variants, leans_on_lists"
"""Of the rows of search, that the statement needs beside their price."""


def side(amount: str, includes_tax: str, wanted: str, rate: str) -> str:
    """As `Sticker.on_side`."""
    return (
        f"CASE WHEN {includes_tax} = {wanted} THEN {amount} "
        f"WHEN {wanted} THEN round({amount} * (1 + {rate}), 4) ELSE round({amount} / (1 + {rate}), 4) END"
    )


def of_record(net: str, includes_tax: str) -> str:
    """As `record_sticker`."""
    return f"CASE WHEN {includes_tax} THEN round({net} * (1 + %(list_rate)s), %(decimals)s) ELSE {net} END"


def off(tier: str, price: str) -> str:
    """As `Tier.off`; a percentage is a multiplication, which is exact."""
    taken = f"CASE {tier}.kind WHEN 'percent' THEN {price} * {tier}.value * 0.01 ELSE {tier}.value END"
    return f"CASE WHEN {price} IS NOT NULL THEN greatest(round({price} - {taken}, 4), coalesce({tier}.floor, 0)) END"


def shown(amount: str, includes_tax: str) -> str:
    """As `unit_price(...).shown`."""
    exempt = side(amount, includes_tax, "false", "%(list_rate)s")
    taxed = side(amount, includes_tax, "%(shows_tax)s", "%(tax_rate)s")
    return f"CASE WHEN %(is_exempt)s THEN {exempt} ELSE {taxed} END"


def in_packs(pieces: str) -> str:
    """As `QuantityTerms.least`: so many pieces, or the first whole number of packs that is no fewer."""
    return f"(ceil(({pieces})::numeric / multiple) * multiple)::int"


IN_FORCE = """
       price_list_id = ANY(%(list_ids)s::bigint[])
   AND counts_from <= %(moment)s AND (counts_until IS NULL OR counts_until > %(moment)s)
   AND (valid_from IS NULL OR valid_from <= %(moment)s) AND (valid_until IS NULL OR valid_until > %(moment)s)
"""

# What a list says of a quantity is said by its nearest tier: the product's own, its parent's, its deepest category's.
SAID = f"""
{{name}}_said AS MATERIALIZED (
    SELECT DISTINCT ON (id, quantity, list_id) id, quantity, net, list_id, kind, value, floor FROM (
        SELECT pair.*, tier.*, 0 AS distance FROM {{pairs}} pair
          JOIN {{tiers}} tier ON tier.product_id = pair.id AND tier.min_quantity <= pair.quantity
         UNION ALL
        SELECT pair.*, tier.*, 1 FROM {{pairs}} pair
          JOIN {{tiers}} tier ON tier.product_id = pair.canonical AND tier.min_quantity <= pair.quantity
         WHERE pair.canonical <> pair.id
         UNION ALL
        SELECT pair.*, tier.list_id, tier.id, tier.min_quantity, tier.kind, tier.value, tier.floor, 1000 - tier.depth
          FROM {{pairs}} pair JOIN reached ON reached.product_id = pair.canonical
          JOIN category_tier tier ON tier.category_id = reached.category_id AND tier.min_quantity <= pair.quantity
    ) AS said ORDER BY id, quantity, list_id, distance, product_id, min_quantity DESC
),
{{name}} AS MATERIALIZED (
    SELECT DISTINCT ON (id, quantity) id, quantity, {shown("amount", "includes_tax")} AS price FROM (
        SELECT said.id, said.quantity, terms.place, terms.includes_tax, CASE said.kind WHEN 'fixed' THEN said.value ELSE
               {off("said", "start.amount")} END AS amount
          FROM {{name}}_said said JOIN terms ON terms.list_id = said.list_id AND terms.place IS NOT NULL
          LEFT JOIN {{name}}_said base ON base.id = said.id AND base.quantity = said.quantity
                AND base.list_id = terms.base_id
          LEFT JOIN terms base_terms ON base_terms.list_id = base.list_id
          CROSS JOIN LATERAL (SELECT {of_record("said.net", "base_terms.includes_tax")} AS amount) AS below
          CROSS JOIN LATERAL (SELECT CASE base.kind WHEN 'fixed' THEN base.value ELSE {off("base", "below.amount")} END
                AS amount) AS based
          CROSS JOIN LATERAL (SELECT CASE WHEN base.kind IS NULL THEN {of_record("said.net", "terms.includes_tax")}
                ELSE {side("based.amount", "base_terms.includes_tax", "terms.includes_tax", "%(list_rate)s")} END
                AS amount) AS start
    ) AS quoted WHERE amount IS NOT NULL ORDER BY id, quantity, place
)
"""  # noqa: S608 - our own names

SOLD_EARLY = f"""
       min_quantity <= (SELECT coalesce(max({in_packs("minimum")}), 1) FROM rule)
"""  # noqa: S608 - our own names
ANY_NUMBER = 2**31 - 1
FEW = 2000
"""Of so few products the tiers are looked up; for more, all tiers of the buyer's lists are read."""

LISTS = f"""
terms AS MATERIALIZED (
    SELECT * FROM unnest(%(list_ids)s::bigint[], %(places)s::int[], %(bases)s::bigint[], %(taxes)s::boolean[])
        AS terms (list_id, place, base_id, includes_tax)
),
rule AS MATERIALIZED (
    SELECT rule.product_id, coalesce(terms.place, 1000) AS place, minimum, multiple
      FROM pricing_quantityrule rule LEFT JOIN terms ON terms.list_id = rule.price_list_id
     WHERE rule.price_list_id IS NULL OR terms.place IS NOT NULL
),
category_tier AS MATERIALIZED (
    SELECT tier.price_list_id AS list_id, category.id, category.depth, tier.min_quantity, kind, value, floor,
           below.id AS category_id
      FROM pricing_pricetier tier JOIN catalogue_category category ON category.id = tier.category_id
      JOIN catalogue_category below ON left(below.path, category.depth * %(step)s) = category.path
     WHERE {IN_FORCE} AND tier.category_id IS NOT NULL
),
reached AS MATERIALIZED (
    SELECT DISTINCT link.product_id, link.category_id FROM catalogue_productcategory link
      JOIN category_tier USING (category_id)
)
"""  # noqa: S608 - our own names
"""The buyer's lists, the rules of quantities, and what their tiers of categories reach."""

EARLY = f"""
    SELECT price_list_id AS list_id, product_id, min_quantity, kind, value, floor FROM pricing_pricetier
     WHERE {IN_FORCE} AND product_id IS NOT NULL AND {SOLD_EARLY}
"""  # noqa: S608 - our own names
"""All tiers of the lists that the smallest quantity of a product may have."""

EARLY_OF_HIT = f"""
few AS MATERIALIZED (SELECT count(*) <= {FEW} AS are FROM (SELECT FROM hit LIMIT {FEW} + 1) AS first),
early AS MATERIALIZED ({EARLY} AND NOT (SELECT are FROM few)
     UNION ALL
    SELECT price_list_id AS list_id, product_id, min_quantity, kind, value, floor FROM pricing_pricetier
     WHERE {IN_FORCE} AND {SOLD_EARLY} AND product_id = ANY(ARRAY(
           SELECT product_id FROM hit WHERE (SELECT are FROM few)
            UNION ALL
           SELECT id FROM catalogue_product WHERE parent_id = ANY(ARRAY(
               SELECT product_id FROM hit WHERE has_variants AND (SELECT are FROM few)))))
)
"""  # noqa: S608 - our own names

OF_HIT = f"""
own AS MATERIALIZED (
    SELECT DISTINCT ON (product_id) product_id, price FROM partner_stockrecord
     WHERE %(is_foreign)s AND price_currency = %(currency)s AND price IS NOT NULL ORDER BY product_id, id
),
suspect AS MATERIALIZED (
    SELECT product_id, net, has_variants, leans_on_lists FROM hit
     WHERE has_variants OR leans_on_lists OR %(is_foreign)s
        OR product_id IN (SELECT product_id FROM early) OR product_id IN (SELECT product_id FROM reached)
),
variant AS MATERIALIZED (
    SELECT variant.id, variant.parent_id FROM suspect JOIN catalogue_product variant
        ON variant.parent_id = suspect.product_id AND variant.is_public WHERE has_variants
),
touched AS MATERIALIZED (
    SELECT parent_id FROM variant JOIN early ON early.product_id = variant.id
     UNION
    SELECT parent_id FROM variant JOIN rule ON rule.product_id = variant.id
     UNION
    SELECT parent_id FROM variant JOIN rule ON rule.product_id = variant.parent_id
     UNION
    SELECT product_id FROM suspect WHERE has_variants AND (leans_on_lists OR %(is_foreign)s
           OR product_id IN (SELECT product_id FROM early) OR product_id IN (SELECT product_id FROM reached))
),
stocked AS MATERIALIZED (
    SELECT DISTINCT ON (variant.id) variant.id, variant.parent_id, priced.price AS net,
           CASE WHEN NOT class.track_stock OR sold_ahead <> '' AND most_ahead IS NULL THEN {ANY_NUMBER} ELSE
                coalesce(num_in_stock, 0) - coalesce(num_allocated, 0)
                + CASE WHEN sold_ahead = '' THEN 0 ELSE most_ahead END END AS left_to_buy
      FROM touched JOIN variant USING (parent_id)
      JOIN catalogue_product parent ON parent.id = variant.parent_id
      LEFT JOIN catalogue_productclass class ON class.id = parent.product_class_id
      JOIN partner_stockrecord record ON record.product_id = variant.id
      CROSS JOIN LATERAL (SELECT CASE WHEN price_currency = %(currency)s THEN record.price END AS price) AS priced
     ORDER BY variant.id, priced.price IS NULL, record.id
),
member AS MATERIALIZED (
    SELECT product_id AS id, product_id AS canonical, CASE WHEN %(is_foreign)s THEN own.price ELSE net END AS net
      FROM suspect LEFT JOIN own USING (product_id) WHERE NOT has_variants AND (net IS NOT NULL OR leans_on_lists)
     UNION ALL
    SELECT id, parent_id, net FROM stocked
),
pair AS MATERIALIZED (
    SELECT member.id, canonical, net, coalesce(said.quantity, 1) AS quantity, coalesce(said.minimum, 1) AS minimum,
           coalesce(said.multiple, 1) AS multiple
      FROM member LEFT JOIN (
           SELECT DISTINCT ON (member.id) member.id, minimum, multiple, {in_packs("minimum")} AS quantity
             FROM (
                  SELECT id, place, 0 AS distance, minimum, multiple FROM rule JOIN member ON rule.product_id = id
                   UNION ALL
                  SELECT id, place, 1, minimum, multiple FROM rule JOIN member ON rule.product_id = canonical
             ) AS member ORDER BY id, place, distance
      ) AS said ON said.id = member.id
),
{SAID.format(name="listed", pairs="pair", tiers="early")},
unpriced AS MATERIALIZED (
    SELECT pair.* FROM pair LEFT JOIN listed USING (id) WHERE pair.net IS NULL AND listed.id IS NULL
),
late AS MATERIALIZED (
    SELECT price_list_id AS list_id, product_id, min_quantity, kind, value, floor FROM pricing_pricetier
     WHERE {IN_FORCE} AND product_id IS NOT NULL AND (SELECT count(*) FROM unpriced) > 0
),
step AS MATERIALIZED (
    SELECT DISTINCT unpriced.id, canonical, net, tier.min_quantity AS quantity, minimum, multiple
      FROM unpriced JOIN (
           SELECT id AS member_id, min_quantity FROM late JOIN unpriced ON product_id = unpriced.id
            UNION ALL
           SELECT unpriced.id, min_quantity FROM late JOIN unpriced ON product_id = canonical
            UNION ALL
           SELECT unpriced.id, min_quantity FROM reached JOIN category_tier USING (category_id)
             JOIN unpriced ON product_id = canonical
      ) AS tier ON tier.member_id = unpriced.id
     WHERE tier.min_quantity > unpriced.quantity
),
later_pair AS MATERIALIZED (
    SELECT id, canonical, net, quantity, minimum, multiple FROM step
     UNION
    SELECT id, canonical, net, {in_packs("greatest(quantity, minimum)")}, minimum, multiple FROM step
),
{SAID.format(name="later", pairs="later_pair", tiers="late")},
offered AS MATERIALIZED (
    SELECT id, quantity, price FROM listed
     UNION ALL
    SELECT id, quantity, {shown("amount", "%(sells_with_tax)s")} FROM pair
     CROSS JOIN LATERAL (SELECT {of_record("net", "%(sells_with_tax)s")} AS amount) AS record
     WHERE net IS NOT NULL AND NOT EXISTS (SELECT FROM listed WHERE listed.id = pair.id)
     UNION ALL
    SELECT first.id, later.quantity, later.price FROM (
        SELECT DISTINCT ON (id) step.* FROM step JOIN later USING (id, quantity) ORDER BY id, quantity
    ) AS first JOIN later ON later.id = first.id
       AND later.quantity = {in_packs("greatest(first.quantity, minimum)")}
),
priced AS MATERIALIZED (
    SELECT product_id, offered.price FROM suspect JOIN offered ON offered.id = product_id WHERE NOT has_variants
     UNION ALL
    SELECT parent_id, coalesce(min(price) FILTER (WHERE left_to_buy >= quantity), min(price)) FROM stocked
      LEFT JOIN offered USING (id) GROUP BY parent_id
)
"""  # noqa: S608 - our own names
"""What each row of `hit` costs, of those that lists may price, by `early` tiers."""

STATEMENT = f"{LISTS}, {EARLY_OF_HIT}, {OF_HIT}"


def parameters(context: PriceContext, *, is_foreign: bool) -> dict[str, Any]:
    """Of `STATEMENT`; `is_foreign` where the currency is not the one that rows of search know."""
    lists = _places(context)
    return {
        "list_ids": [terms.id for terms in lists],
        "places": list(lists.values()),
        "bases": [terms.base.id if terms.base else None for terms in lists],
        "taxes": [terms.includes_tax for terms in lists],
        "list_rate": context.list_tax_rate,
        "tax_rate": context.tax_rate,
        "decimals": min(get_currency_precision(context.currency), MOST_DECIMALS),
        "shows_tax": context.shows_tax,
        "is_exempt": context.is_exempt,
        "sells_with_tax": context.sells_with_tax,
        "is_foreign": is_foreign,
        "currency": context.currency,
        "moment": context.moment,
        "step": Category.steplen,
    }


def _places(context: PriceContext) -> dict[ListTerms, int | None]:
    """The buyer's lists and those they lean on, each once, with its place in their order; None: it only is leant on."""
    places: dict[ListTerms, int | None] = {terms.base: None for terms in context.lists if terms.base}
    return places | {terms: place for place, terms in enumerate(context.lists)}
