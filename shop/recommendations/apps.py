from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application


class RecommendationsConfig(application.OscarDashboardConfig):
    name = "shop.recommendations"
    label = "recommendations"
    verbose_name = _("Recommendations")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "recommendation-list": ["recommendations.view_neighbours"],
        "recommendation-product": ["recommendations.view_neighbours"],
        "recommendation-settings": ["recommendations.change_recommendationsettings"],
    }

    def ready(self) -> None:
        super().ready()
        from shop.outbox.consumers import subscribe

        from . import consumers

        subscribe("recommendations", consumers.EVENTS, consumers.follow)

    def get_urls(self) -> list[Any]:
        from .dashboard import views

        urls = [
            path("", views.overview, name="recommendation-list"),
            path("products/<int:pk>/", views.of_product, name="recommendation-product"),
            path("stores/<int:pk>/", views.edit_settings, name="recommendation-settings"),
        ]
        return self.post_process_urls(urls)
