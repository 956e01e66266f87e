from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEES, GIVES, CHANGES = "credit.view_creditaccount", "credit.add_creditaccount", "credit.change_creditaccount"


class CreditConfig(application.OscarDashboardConfig):
    name = "shop.credit"
    label = "credit"
    verbose_name = _("Credit")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "credit-list": [SEES],
        "gift-card-issue": [GIVES],
        "store-credit-give": [GIVES],
        "credit-account": [SEES],
        "credit-correct": [CHANGES],
        "credit-switch": [CHANGES],
    }

    def ready(self) -> None:
        super().ready()
        from shop.outbox.consumers import subscribe
        from shop.payments.refunds import REFUNDS

        from .actions import give_back, settle_of
        from .models import AccountKind

        REFUNDS.update(dict.fromkeys(AccountKind.values, give_back))
        subscribe("credit.settle", {"order.cancelled", "order.part_cancelled"}, settle_of)

    def get_urls(self) -> list[Any]:
        from .dashboard import views

        urls = [
            path("", views.AccountListView.as_view(), name="credit-list"),
            path("gift-cards/issue/", views.issue, name="gift-card-issue"),
            path("give/", views.give, name="store-credit-give"),
            path("<int:pk>/", views.account, name="credit-account"),
            path("<int:pk>/correct/", views.correct, name="credit-correct"),
            path("<int:pk>/switch/", views.switch, name="credit-switch"),
        ]
        return self.post_process_urls(urls)
