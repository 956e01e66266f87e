"""The roles: one declaration of what each may do, in the dashboard and in the CMS.

Permissions are Django's, written `app.codename`. Those in `everywhere`, and the CMS's own, are had on the stores
within a member's reach; what stands in `everywhere` opens views that know no store, so that a member who is limited
to some stores does not get it.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

DASHBOARD = frozenset({"staff.use_dashboard"})
CMS = frozenset({"wagtailadmin.access_admin"})
PARTNER = frozenset({"partner.dashboard_access"})


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    CATALOGUE = "catalogue", _("Catalogue")
    ORDERS = "orders", _("Orders")
    SUPPORT = "support", _("Support")
    ANALYST = "analyst", _("Analyst")
    EDITOR = "editor", _("Editor")
    SUPPLIER = "supplier", _("Supplier")


def manage(*names: str) -> frozenset[str]:
    """To view, add, change and delete these models, written `app.model`."""
    return frozenset(_codename(verb, name) for name in names for verb in ("view", "add", "change", "delete"))


def view(*names: str) -> frozenset[str]:
    return frozenset(_codename("view", name) for name in names)


def change(*names: str) -> frozenset[str]:
    return frozenset(_codename(verb, name) for name in names for verb in ("view", "change"))


def _codename(verb: str, name: str) -> str:
    app, model = name.split(".")
    return f"{app}.{verb}_{model}"


@dataclass(frozen=True)
class Powers:
    """What a role may do."""

    permissions: frozenset[str] = frozenset()
    everywhere: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    """Permissions on pages: of a store's own tree, or of the whole merchant's."""
    collections: frozenset[str] = frozenset()
    """Permissions on images and documents, likewise."""
    has_settings: bool = False
    """Whether the settings of the CMS may be changed, of the stores within reach."""

    def all(self) -> frozenset[str]:
        return self.permissions | self.everywhere | self.pages | self.collections


PRODUCTS = manage(
    "catalogue.product",
    "catalogue.productclass",
    "catalogue.productattribute",
    "catalogue.category",
    "catalogue.attributeoptiongroup",
    "catalogue.option",
    "partner.stockrecord",
    "offer.range",
)
STOCK = view("partner.partner", "partner.stockalert", "inventory.stocklevel", "inventory.location")
STOCK_WORK = view("inventory.stockcount") | {"inventory.add_stockmovement", "inventory.add_stockcount"}
"""Goods are moved and counted for every store of the merchant."""
STOCK_RULES = change("inventory.location", "inventory.stockpolicy") | {
    "inventory.add_location",
    "inventory.sign_stockcount",
}
"""Where goods are kept, how stores take them, and what a count makes of the stock."""
OFFERS = manage("offer.conditionaloffer", "voucher.voucher", "voucher.voucherset")
AFFILIATES = change("attribution.affiliate") | {"attribution.add_affiliate"}
"""They send buyers to every store of the merchant."""
MERCHANDISING = manage("merchandising.synonymgroup", "merchandising.ledsearch")
"""Which words mean the same in a store's searches, and what some of them lead to."""
SEARCHES = view("merchandising.searchcount")
"""What is sought in a store, and not found."""
REVIEWS = manage("reviews.productreview")
CUSTOMERS = frozenset({"accounts.see_customers"})
"""Django's own permissions on users are nobody's: they open Wagtail's pages for users, which give any right away."""
COMPANIES_SEEN = view("companies.company", "companies.application")
COMPANIES = change("companies.company", "companies.application") | manage("companies.customergroup")
COMPANIES |= {"companies.add_company"}
"""A company buys in every store of the merchant."""
ALERTS = manage("customer.productalert")
"""Who asked to be told when a product is back: they may be customers of any store."""
BANK = change("statements.bankentry") | {"statements.add_bankstatement"}
"""An account's statement is for orders of every store."""
CREDIT = change("credit.creditaccount") | {"credit.add_creditaccount"}
"""Gift cards and store credit are spent in every store."""
COSTS = view("costs.unitcost")
"""What goods cost, and so every margin, in whatever page shows them."""
PRICES = change("pricing.pricelist") | {"pricing.add_pricelist", "pricefiles.sign_pricefile"}
"""Lists of prices are everybody's, a group's or a company's before they are a store's."""
VIEW_AS = frozenset({"viewing.view_as"})
"""To see a store as a company, or as a visitor, at any date."""
REHEARSALS = view("rehearsal.rehearsal") | {"rehearsal.add_rehearsal"}
"""What a price list would come to, in revenue of every store; margins need `COSTS` besides."""
MESSAGES = view("messaging.message")
"""What customers were written, word for word."""
OUTBOX = view("outbox.delivery")
"""What others are told of, and what could not be delivered."""
GATEWAYS = change("gateways.gatewaypayment", "webhooks.receivedwebhook")
"""Payments at gateways: capturing, refunding, and applying webhooks again."""
REVIEWS_OF_ORDERS = change("review.orderreview", "review.storerule") | manage("review.listentry")
"""Orders that a rule has held, and the rules."""
RECOMMENDATIONS = view("recommendations.neighbours")
"""What stands beside products, as the orders of a store say it."""
REPORTS = view("analytics.userrecord")
PAGES = frozenset(f"wagtailcore.{verb}_page" for verb in ("add", "change", "publish", "lock", "unlock", "bulk_delete"))
MEDIA = frozenset(
    f"{app}.{verb}_{model}"
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for verb in ("add", "change", "choose")
)

POWERS: dict[str, Powers] = {
    Role.CATALOGUE: Powers(
        permissions=DASHBOARD
        | PRODUCTS
        | STOCK
        | REVIEWS
        | VIEW_AS
        | MERCHANDISING
        | SEARCHES
        | RECOMMENDATIONS
        | change("recommendations.recommendationsettings"),
        everywhere=OFFERS | AFFILIATES | PRICES | REHEARSALS | STOCK_WORK | STOCK_RULES,
    ),
    Role.ORDERS: Powers(
        permissions=DASHBOARD
        | change("order.order")
        | manage("order.ordernote", "shipping.deliveryrate")
        | CUSTOMERS
        | COMPANIES_SEEN
        | GATEWAYS
        | REVIEWS_OF_ORDERS
        | STOCK
        | OUTBOX
        | MESSAGES
        | change("messaging.messagetemplate"),
        everywhere=ALERTS | COMPANIES | STOCK_WORK | BANK | CREDIT,
    ),
    Role.SUPPORT: Powers(
        permissions=DASHBOARD
        | view("order.order", "catalogue.product")
        | manage("order.ordernote")
        | CUSTOMERS
        | COMPANIES_SEEN
        | {"accounts.manage_customers"}
        | MESSAGES
        | REVIEWS
        | VIEW_AS,
        everywhere=ALERTS,
    ),
    Role.ANALYST: Powers(
        permissions=DASHBOARD
        | view("catalogue.product", "catalogue.category", "order.orderstatuschange")
        | STOCK
        | COSTS
        | SEARCHES
        | RECOMMENDATIONS,
        everywhere=REPORTS
        | view("offer.conditionaloffer", "voucher.voucher", "pricing.pricelist", "rehearsal.rehearsal")
        | view("attribution.affiliate"),
    ),
    Role.EDITOR: Powers(
        permissions=CMS,
        everywhere=manage("wagtailredirects.redirect"),
        pages=PAGES,
        collections=MEDIA,
        has_settings=True,
    ),
    Role.SUPPLIER: Powers(permissions=PARTNER),
}
POWERS[Role.OWNER] = Powers(
    permissions=frozenset().union(*(powers.permissions for powers in POWERS.values())) - PARTNER,
    everywhere=frozenset().union(*(powers.everywhere for powers in POWERS.values()))
    | manage("staff.staffmembership", "partner.partner")
    | change("staff.staffpolicy")
    | change("stores.store", "payments.storepaymentmethod")
    | manage("api.apikey")
    | {"pricefiles.change_signingpolicy", "costs.add_unitcost", "outbox.replay_delivery"}
    | view("audit.auditentry"),
    pages=PAGES,
    collections=MEDIA | frozenset(f"wagtailcore.{verb}_collection" for verb in ("add", "change", "delete")),
    has_settings=True,
)

UNLIMITED = frozenset({Role.OWNER, Role.SUPPLIER})
"""Roles that are never limited to some stores: an owner owns all of them, a supplier is limited to their partner."""
