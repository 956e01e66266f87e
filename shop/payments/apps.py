from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SETTLES = "payments.change_storepaymentmethod"


class PaymentsConfig(application.OscarDashboardConfig):
    name = "shop.payments"
    label = "payments"
    verbose_name = _("Payments")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "payment-methods": [SETTLES],
        "payment-method": [SETTLES],
        "payment-method-switch": [SETTLES],
        "order-payment": ["order.change_order"],
        "order-refund": ["order.change_order"],
    }

    def get_urls(self) -> list[Any]:
        from .dashboard import methods, money

        urls = [
            path("methods/", methods.method_list, name="payment-methods"),
            path("methods/<int:store_id>/<str:code>/", methods.method, name="payment-method"),
            path("methods/<int:store_id>/<str:code>/switch/", methods.switch, name="payment-method-switch"),
            path("orders/<str:order_number>/payment/", money.note_payment, name="order-payment"),
            path("orders/<str:order_number>/refund/", money.give_refund, name="order-refund"),
        ]
        return self.post_process_urls(urls)
