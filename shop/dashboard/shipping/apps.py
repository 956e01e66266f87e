from typing import Any

from django.urls import path
from oscar.apps.dashboard.shipping import apps

from ..denied import NOBODY


class ShippingDashboardConfig(apps.ShippingDashboardConfig):
    """Delivery rates of the stores, in place of Oscar's weight-based methods, which no store of ours asks."""

    name = "shop.dashboard.shipping"
    default_permissions = NOBODY

    def configure_permissions(self) -> None:
        sees = "shipping.view_deliveryrate"
        self.permissions_map = {
            "delivery-rate-list": [sees],
            "delivery-rate-create": [sees, "shipping.add_deliveryrate"],
            "delivery-rate": [sees, "shipping.change_deliveryrate"],
            "delivery-rate-delete": [sees, "shipping.delete_deliveryrate"],
        }

    def get_urls(self) -> list[Any]:
        from . import views

        urls = [
            path("", views.DeliveryRateListView.as_view(), name="delivery-rate-list"),
            path("create/", views.DeliveryRateCreateView.as_view(), name="delivery-rate-create"),
            path("<int:pk>/", views.DeliveryRateUpdateView.as_view(), name="delivery-rate"),
            path("<int:pk>/delete/", views.DeliveryRateDeleteView.as_view(), name="delivery-rate-delete"),
        ]
        return self.post_process_urls(urls)
