from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEES, DECIDES = "review.view_orderreview", "review.change_orderreview"
RULES = "review.change_storerule"


class ReviewConfig(application.OscarDashboardConfig):
    name = "shop.review"
    label = "review"
    verbose_name = _("Review of orders")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "review-list": [SEES],
        "review": [SEES],
        "review-release": [DECIDES],
        "review-cancel": [DECIDES],
        "review-rules": ["review.view_storerule"],
        "review-rule": [RULES],
        "review-entry": ["review.add_listentry"],
        "review-entry-remove": ["review.delete_listentry"],
    }

    def ready(self) -> None:
        super().ready()
        from shop.outbox.consumers import subscribe

        from . import actions

        subscribe("review.close", {"order.released", "order.cancelled"}, actions.close_of)

    def get_urls(self) -> list[Any]:
        from .dashboard import queue, rules

        urls = [
            path("", queue.QueueView.as_view(), name="review-list"),
            path("<int:pk>/", queue.ReviewView.as_view(), name="review"),
            path("<int:pk>/release/", queue.release, name="review-release"),
            path("<int:pk>/cancel/", queue.cancel, name="review-cancel"),
            path("rules/", rules.rules, name="review-rules"),
            path("rules/<int:store_id>/list/", rules.entry, name="review-entry"),
            path("rules/<int:store_id>/<str:code>/", rules.rule, name="review-rule"),
            path("rules/list/<int:pk>/remove/", rules.remove_entry, name="review-entry-remove"),
        ]
        return self.post_process_urls(urls)
