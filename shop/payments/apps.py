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
    permissions_map = {"payment-methods": [SETTLES], "payment-method": [SETTLES], "payment-method-switch": [SETTLES]}

    def get_urls(self) -> list[Any]:
        from .dashboard import methods

        urls = [
            path("methods/", methods.method_list, name="payment-methods"),
            path("methods/<int:store_id>/<str:code>/", methods.method, name="payment-method"),
            path("methods/<int:store_id>/<str:code>/switch/", methods.switch, name="payment-method-switch"),
        ]
        return self.post_process_urls(urls)
