from typing import Any

from django.urls import path
from oscar.apps.dashboard.orders import apps

from ..denied import NOBODY

SEES, SUPPLIES = ["order.view_order"], ["partner.dashboard_access"]
CHANGES = ["order.view_order", "order.change_order"]
NOTES = ["order.view_order", "order.change_ordernote"]


class OrdersDashboardConfig(apps.OrdersDashboardConfig):
    """No page of Oscar's that sets a status, or writes or shows payment and shipping events: `shop.fulfilment` does all
    that, and hears of none."""

    name = "shop.dashboard.orders"
    default_permissions = NOBODY

    def configure_permissions(self) -> None:
        self.permissions_map = {
            "order-list": (SEES, SUPPLIES),
            "order-detail": (SEES, SUPPLIES),
            "order-stats": (SEES, ["analytics.view_userrecord"]),
            "order-export": SEES,
            "order-bulk": SEES,
            "order-move": CHANGES,
            "order-cancel": CHANGES,
            "order-ship": CHANGES,
            "order-parcel": CHANGES,
            "order-shipping-address": CHANGES,
            "order-notes": NOTES,
            "order-detail-note": NOTES,
        }

    def get_urls(self) -> list[Any]:
        from . import bulk, deeds, views

        urls = [
            path("", views.OrderListView.as_view(), name="order-list"),
            path("statistics/", views.OrderStatsView.as_view(), name="order-stats"),
            path("export/", views.export, name="order-export"),
            path("bulk/", bulk.bulk, name="order-bulk"),
            path("<str:number>/", views.OrderDetailView.as_view(), name="order-detail"),
            path("<str:number>/move/", deeds.move, name="order-move"),
            path("<str:number>/cancel/", deeds.cancel, name="order-cancel"),
            path("<str:number>/ship/", deeds.ship, name="order-ship"),
            path("<str:number>/parcels/<int:shipment_id>/", deeds.parcel, name="order-parcel"),
            path("<str:number>/notes/", deeds.add_note, name="order-notes"),
            path("<str:number>/notes/<int:note_id>/", deeds.delete_note, name="order-detail-note"),
            path(
                "<str:number>/shipping-address/",
                views.ShippingAddressUpdateView.as_view(),
                name="order-shipping-address",
            ),
        ]
        return self.post_process_urls(urls)
