"""Which table moves what, when its rows change. Every table is named: a change that nobody hears of would be a page
that stays as it was.
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


EVENTS = ("INSERT", "UPDATE", "DELETE")
KEYS = {"search_entry": "listing_id"}
"""Primary keys that are not called `id`."""

PAGES = _names(
    """
    catalogue_attributeoption catalogue_attributeoptiongroup catalogue_category catalogue_option
    catalogue_product catalogue_product_product_options catalogue_productattribute catalogue_productattributevalue
    catalogue_productattributevalue_value_multi_option catalogue_productcategory catalogue_productclass
    catalogue_productclass_options catalogue_productimage catalogue_productrecommendation
    cms_pages_articleindexpage cms_pages_articlepage cms_pages_contactfield cms_pages_contactpage
    cms_pages_cookienotice cms_pages_faqpage cms_pages_homepage cms_pages_landingpage cms_pages_storedetails
    cms_pages_storedocument cms_pages_storeimage cms_pages_storelook cms_pages_storemenus cms_pages_storenotice
    cms_pages_storerendition cms_pages_textpage
    companies_company companies_customergroup companies_partnumber
    inventory_location inventory_stockpolicy listings_listing merchandising_firstproduct merchandising_ledsearch
    merchandising_synonymgroup
    offer_benefit offer_condition offer_conditionaloffer offer_conditionaloffer_combinations offer_range
    offer_range_classes offer_range_excluded_categories offer_range_excluded_products
    offer_range_included_categories offer_rangeproduct
    partner_partner partner_stockrecord payments_storepaymentmethod payments_invoiceterms
    pricing_pricelist pricing_pricetier pricing_quantityrule pricing_revision
    recommendations_neighbours recommendations_recommendationsettings search_entry
    shipping_deliveryrate shipping_deliveryrate_countries shipping_orderanditemcharges
    shipping_orderanditemcharges_countries shipping_weightband shipping_weightbased shipping_weightbased_countries
    stores_store stores_store_shipping_countries taggit_tag taggit_taggeditem
    wagtailcore_collection wagtailcore_page wagtailcore_pageviewrestriction wagtailcore_pageviewrestriction_groups
    wagtailcore_site wagtaildocs_document wagtailembeds_embed wagtailimages_image wagtailimages_rendition
    wagtailredirects_redirect
    """
)
"""Tables whose rows the pages of their merchant's stores show."""

UNSHOWN = {
    "partner_stockrecord": ("num_in_stock", "num_allocated", "low_stock_threshold", "date_updated"),
    "offer_conditionaloffer": ("num_applications", "num_orders", "total_discount"),
    "search_entry": ("popularity",),
}
"""Tables of those that are written where nothing changes, with the columns that may change without a word: what they
count has a mark of its own, or is told to nobody."""

SHOWN = "SELECT array_agg('m' || current_setting('stoa.merchant', true)) WHERE EXISTS (SELECT FROM {rows})"
"""Marks are as `marks` has them; `changed` are a statement's rows, `before` as they were before an update."""

COUNTED = """
    SELECT array_agg('k' || id) FROM (
        SELECT id FROM before JOIN changed USING (id)
         WHERE (before.num_in_stock, before.num_allocated)
               IS DISTINCT FROM (changed.num_in_stock, changed.num_allocated)
    ) AS counted
"""

VARIANTS_TURNED = SHOWN.format(
    rows="""before JOIN changed USING (id) JOIN catalogue_product variant ON variant.id = changed.product_id
     CROSS JOIN LATERAL (
           SELECT min(net + ahead) AS fewer, max(net + ahead) AS more
             FROM (VALUES (coalesce(before.num_in_stock, 0) - coalesce(before.num_allocated, 0)),
                          (coalesce(changed.num_in_stock, 0) - coalesce(changed.num_allocated, 0))) AS either (net)
            CROSS JOIN (
                  SELECT CASE WHEN changed.sold_ahead = '' THEN 0 ELSE changed.most_ahead::bigint END AS ahead) AS sold
     ) AS pieces
     WHERE variant.parent_id IS NOT NULL AND fewer < more AND EXISTS (
           SELECT FROM (
               SELECT 1 AS quantity
                UNION ALL
               SELECT min_quantity FROM pricing_pricetier WHERE product_id IN (variant.id, variant.parent_id)
                UNION ALL
               SELECT min_quantity FROM pricing_pricetier WHERE category_id = ANY(ARRAY(
                   SELECT above.id FROM catalogue_category above WHERE above.path = ANY(ARRAY(
                       SELECT left(its.path, length(its.path) / its.depth * level)
                         FROM catalogue_productcategory link JOIN catalogue_category its ON its.id = link.category_id
                        CROSS JOIN generate_series(1, its.depth) AS level WHERE link.product_id = variant.parent_id))))
           ) AS tier CROSS JOIN (
               SELECT 1 AS minimum, 1 AS multiple
                UNION ALL
               SELECT minimum, multiple FROM pricing_quantityrule WHERE product_id IN (variant.id, variant.parent_id)
           ) AS rule
           WHERE ceil(greatest(tier.quantity, minimum)::numeric / multiple) * multiple BETWEEN fewer + 1 AND more
     )"""
)
"""Whether so many pieces of a variant as somebody may have to take are there no more, or there again: what is sold in
variants costs what the cheapest of those costs that are there, and which that is each buyer's own lists say. Pieces
become packs as `shop.pricing.quantities` has it."""

ONE_EACH = {
    "basket_line": "SELECT array_agg(DISTINCT 'b' || basket_id) FROM changed",
    "inventory_reservation": "SELECT array_agg(DISTINCT 'k' || stockrecord_id) FROM changed",
    "accounts_user_groups": "SELECT array_agg(DISTINCT 'u' || user_id) FROM changed",
    "companies_membership": "SELECT array_agg(DISTINCT 'u' || user_id) FROM changed WHERE user_id IS NOT NULL",
    "reviews_productreview": "SELECT array_agg(DISTINCT 'p' || product_id) FROM changed WHERE product_id IS NOT NULL",
    "stores_storehost": "SELECT ARRAY['hosts'] WHERE EXISTS (SELECT FROM changed)",
}
"""What any change of other tables moves."""

BASKET = """
    SELECT array_agg(mark) FROM (
        SELECT 'b' || id FROM changed UNION SELECT 'u' || owner_id FROM changed WHERE owner_id IS NOT NULL
    ) AS moved (mark)
"""
ACCOUNT = "SELECT array_agg('u' || id) FROM changed"
NAME = """
    SELECT array_agg(mark) FROM (
        SELECT 'u' || id FROM changed UNION
        SELECT 'p' || product_id FROM reviews_productreview WHERE user_id = ANY(ARRAY(
            SELECT id FROM before JOIN changed USING (id)
             WHERE (before.first_name, before.last_name) IS DISTINCT FROM (changed.first_name, changed.last_name)))
    ) AS moved (mark)
"""
"""Reviews are shown with the names of who wrote them."""

AFTER = {
    ("basket_basket", "INSERT"): "SELECT array_agg(DISTINCT 'u' || owner_id) FROM changed WHERE owner_id IS NOT NULL",
    ("basket_basket", "UPDATE"): BASKET,
    ("basket_basket", "DELETE"): BASKET,
    ("accounts_user", "UPDATE"): NAME,
    ("accounts_user", "DELETE"): ACCOUNT,
    ("django_session", "DELETE"): "SELECT array_agg('s' || md5(session_key)) FROM changed WHERE expire_date > now()",
}
"""What some changes move."""

UNSEEN = _names(
    """
    accounts_attempts accounts_recoverycode accounts_user_user_permissions address_useraddress
    analytics_productrecord analytics_userproductview analytics_userrecord analytics_usersearch api_apikey
    api_placement attribution_affiliate attribution_orderattribution attribution_source audit_auditentry auth_group
    auth_group_permissions basket_basket_vouchers basket_lineattribute communication_communicationeventtype
    communication_email communication_notification companies_application companies_companyaddress
    companies_invitation companies_unit costs_unitcost credit_creditaccount credit_creditentry customer_productalert
    fulfilment_cancellation fulfilment_cancelledline fulfilment_shipment fulfilment_shipmentline
    gateways_gatewaycall gateways_gatewaycustomer gateways_gatewaypayment inventory_allocation
    inventory_countdifference inventory_stockcount inventory_stocklevel inventory_stockmovement messaging_message
    merchandising_searchcount messaging_messagepreference messaging_messagetemplate offer_rangeproductfileupload
    operators_operatorvisit order_billingaddress order_communicationevent order_line order_lineattribute
    order_lineprice order_order order_orderdiscount order_orderlinediscount order_ordernote order_orderstatuschange
    order_paymentevent order_paymenteventquantity order_paymenteventtype order_shippingaddress order_shippingevent
    order_shippingeventquantity order_shippingeventtype order_surcharge otp_totp_totpdevice outbox_delivery
    outbox_outboxevent partner_partner_users partner_partneraddress partner_stockalert payment_bankcard
    payment_source payment_sourcetype payment_transaction payments_invoicedorder payments_paymenttransaction
    pricefiles_pricefile pricefiles_pricefilepart pricefiles_pricefilerow pricefiles_signingpolicy quickorder_number
    recommendations_countedorder recommendations_habit recommendations_pair rehearsal_rehearsal
    rehearsal_rehearsedline rehearsal_result requisitions_requisitionline requisitions_requisitionlist
    review_listentry review_orderreview review_storerule reviews_vote search_change search_feed
    search_interest search_word
    staff_staffmembership staff_staffmembership_stores staff_staffpolicy statements_bankentry statements_bankstatement
    statements_entrymatch viewing_viewing voucher_voucher voucher_voucher_offers voucher_voucherapplication
    voucher_voucherset wagtailadmin_admin wagtailadmin_editingsession wagtailadmin_formstate wagtailcore_apitoken
    wagtailcore_collectionviewrestriction wagtailcore_collectionviewrestriction_groups wagtailcore_comment
    wagtailcore_commentreply wagtailcore_groupapprovaltask wagtailcore_groupapprovaltask_groups
    wagtailcore_groupcollectionpermission wagtailcore_grouppagepermission wagtailcore_groupsitepermission
    wagtailcore_modellogentry wagtailcore_pagelogentry wagtailcore_pagesubscription wagtailcore_referenceindex
    wagtailcore_revision wagtailcore_task wagtailcore_taskstate wagtailcore_uploadedfile wagtailcore_workflow
    wagtailcore_workflowcontenttype wagtailcore_workflowpage wagtailcore_workflowstate wagtailcore_workflowtask
    wagtailforms_formsubmission wagtailsearch_indexentry wagtailusers_userprofile webhooks_receivedwebhook
    wishlists_line wishlists_wishlist wishlists_wishlistsharedemail
    """
)
"""Tables that no page of the cache shows and nothing that is remembered depends on: of staff, of orders, of what
follows another table in the same transaction."""


def followed() -> dict[tuple[str, str], str]:
    """The query for the marks that are moved, by table and event."""
    shown = {(table, event): _shown(table, event) for table in PAGES for event in EVENTS}
    one_each = {(table, event): query for table, query in ONE_EACH.items() for event in EVENTS}
    return shown | {("partner_stockrecord", "UPDATE"): _with_counts()} | one_each | AFTER


def _shown(table: str, event: str) -> str:
    if event != "UPDATE" or table not in UNSHOWN:
        return SHOWN.format(rows="changed")
    without = f"'{{{','.join(UNSHOWN[table])}}}'::text[]"
    other = f"to_jsonb(before) - {without} IS DISTINCT FROM to_jsonb(changed) - {without}"
    return SHOWN.format(rows=f"before JOIN changed USING ({KEYS.get(table, 'id')}) WHERE {other}")


def _with_counts() -> str:
    return f"SELECT ({_shown('partner_stockrecord', 'UPDATE')}) || ({COUNTED}) || ({VARIANTS_TURNED})"
