from oscar.apps.dashboard.orders import apps

from ..denied import NOBODY

SEES_ORDERS, SUPPLIES = ["order.view_order"], ["partner.dashboard_access"]


class OrdersDashboardConfig(apps.OrdersDashboardConfig):
    name = "shop.dashboard.orders"
    default_permissions = NOBODY

    def configure_permissions(self) -> None:
        self.permissions_map = {
            "order-list": (SEES_ORDERS, SUPPLIES),
            "order-detail": (SEES_ORDERS, SUPPLIES),
            "order-stats": (SEES_ORDERS, ["analytics.view_userrecord"]),
            "order-detail-note": ["order.view_order", "order.change_ordernote"],
            "order-line-detail": SEES_ORDERS,
            "order-shipping-address": ["order.view_order", "order.change_order"],
        }
