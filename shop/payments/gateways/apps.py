from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEES, CHANGES = "gateways.view_gatewaypayment", "gateways.change_gatewaypayment"


class GatewaysConfig(application.OscarDashboardConfig):
    name = "shop.payments.gateways"
    label = "gateways"
    verbose_name = _("Payments by gateway")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "gateway-payment-list": [SEES],
        "gateway-payment": [SEES],
        "gateway-payment-capture": [CHANGES],
        "gateway-payment-refund": [CHANGES],
        "gateway-payment-cancel": [CHANGES],
        "gateway-payment-look": [CHANGES],
    }

    def ready(self) -> None:
        super().ready()
        from shop.outbox.consumers import subscribe

        from . import settling

        subscribe("gateways.settle", {"order.cancelled", "order.part_cancelled", "order.shipped"}, settling.settle_of)

    def get_urls(self) -> list[Any]:
        from .dashboard import views

        urls = [
            path("", views.PaymentListView.as_view(), name="gateway-payment-list"),
            path("<int:pk>/", views.PaymentView.as_view(), name="gateway-payment"),
            path("<int:pk>/capture/", views.capture, name="gateway-payment-capture"),
            path("<int:pk>/refund/", views.refund, name="gateway-payment-refund"),
            path("<int:pk>/cancel/", views.cancel, name="gateway-payment-cancel"),
            path("<int:pk>/look/", views.look, name="gateway-payment-look"),
        ]
        return self.post_process_urls(urls)
