"""The dashboard's menu. Whoever may not open a page does not see it, and no heading without a page."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_class

INDEX = "/dashboard/"


def _pages(*pages: tuple[Any, str]) -> list[dict[str, Any]]:
    return [{"label": label, "url_name": f"dashboard:{name}"} for label, name in pages]


NAVIGATION = [
    *_pages((_("Overview"), "index")),
    {
        "label": _("Orders"),
        "children": _pages(
            (_("Orders"), "order-list"),
            (_("Incoming payments"), "bank-entries"),
            (_("Bank statements"), "bank-statements"),
            (_("Gift cards and credit"), "credit-list"),
            (_("Statistics"), "order-stats"),
            (_("Customers"), "users-index"),
            (_("Messages"), "message-list"),
            (_("Stock alert requests"), "user-alert-list"),
            (_("To review"), "review-list"),
            (_("Fraud rules"), "review-rules"),
            (_("Payments by gateway"), "gateway-payment-list"),
            (_("Received webhooks"), "webhook-list"),
        ),
    },
    {
        "label": _("Companies"),
        "children": _pages(
            (_("Companies"), "company-list"),
            (_("Applications"), "application-list"),
            (_("Customer groups"), "customer-group-list"),
            (_("See the store as"), "view-as"),
        ),
    },
    {
        "label": _("Prices"),
        "children": _pages(
            (_("Price lists"), "price-lists"),
            (_("Packs and minimums"), "price-quantities"),
            (_("Why this price?"), "price-why"),
            (_("Costs"), "cost-list"),
        ),
    },
    {
        "label": _("Catalogue"),
        "children": _pages(
            (_("Products"), "catalogue-product-list"),
            (_("Categories"), "catalogue-category-list"),
            (_("Product types"), "catalogue-class-list"),
            (_("Options"), "catalogue-option-list"),
            (_("Option groups"), "catalogue-attribute-option-group-list"),
            (_("Ranges"), "range-list"),
            (_("Suppliers"), "partner-list"),
            (_("Reviews"), "reviews-list"),
        ),
    },
    {
        "label": _("Stock"),
        "children": _pages(
            (_("Stock"), "stock-list"),
            (_("Low stock"), "stock-alert-list"),
            (_("Locations"), "location-list"),
            (_("Counts"), "count-list"),
        ),
    },
    {
        "label": _("Marketing"),
        "children": _pages(
            (_("Offers"), "offer-list"),
            (_("Vouchers"), "voucher-list"),
            (_("Voucher sets"), "voucher-set-list"),
            (_("Affiliates"), "affiliate-list"),
            (_("Recommendations"), "recommendation-list"),
            (_("Search tuning"), "search-rules"),
            (_("Search analytics"), "search-report"),
            (_("Reports"), "reports-index"),
        ),
    },
    {
        "label": _("Stores"),
        "children": _pages(
            (_("Settings"), "store-list"),
            (_("Delivery rates"), "delivery-rate-list"),
            (_("Message templates"), "message-templates"),
            (_("Payment methods"), "payment-methods"),
            (_("Staff"), "staff-list"),
            (_("API keys"), "api-key-list"),
            (_("Audit trail"), "audit-trail"),
            (_("Outbox"), "outbox-list"),
        ),
    },
]


class Menu:
    """What of it somebody may open, and in which of its pages they are: `here` is the address of the one that is open,
    or that leads to it; `up` is that page where it is not the open one itself."""

    def __init__(self, user: Any, path: str) -> None:
        self.items = get_class("dashboard.menu", "get_nodes")(user)
        pages = [page for item in self.items for page in (item.children if item.is_heading else [item])]
        leading = [page for page in pages if path == page.url or (path.startswith(page.url) and page.url != INDEX)]
        page = max(leading, key=lambda page: len(page.url), default=None)
        self.here = page.url if page else ""
        self.up = page if page and self.here != path else None
