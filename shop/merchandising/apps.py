from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

RULES = "merchandising.view_synonymgroup"


class MerchandisingConfig(application.OscarDashboardConfig):
    name = "shop.merchandising"
    label = "merchandising"
    verbose_name = _("Search tuning")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "search-report": ["merchandising.view_searchcount"],
        "search-rules": [RULES],
        "synonym-create": ["merchandising.add_synonymgroup"],
        "synonym": ["merchandising.change_synonymgroup"],
        "synonym-remove": ["merchandising.delete_synonymgroup"],
        "led-search-create": ["merchandising.add_ledsearch"],
        "led-search": ["merchandising.change_ledsearch"],
        "led-search-remove": ["merchandising.delete_ledsearch"],
    }

    def get_urls(self) -> list[Any]:
        from .dashboard import report, rules

        urls = [
            path("", rules.rules, name="search-rules"),
            path("report/", report.report, name="search-report"),
            path("<int:store_id>/synonyms/create/", rules.SynonymCreateView.as_view(), name="synonym-create"),
            path("synonyms/<int:pk>/", rules.SynonymUpdateView.as_view(), name="synonym"),
            path("synonyms/<int:pk>/remove/", rules.remove_synonym, name="synonym-remove"),
            path("<int:store_id>/led/create/", rules.LedCreateView.as_view(), name="led-search-create"),
            path("led/<int:pk>/", rules.LedUpdateView.as_view(), name="led-search"),
            path("led/<int:pk>/remove/", rules.remove_led, name="led-search-remove"),
        ]
        return self.post_process_urls(urls)
