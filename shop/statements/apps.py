from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEES, MATCHES, IMPORTS = "statements.view_bankentry", "statements.change_bankentry", "statements.add_bankstatement"


class StatementsConfig(application.OscarDashboardConfig):
    name = "shop.statements"
    label = "statements"
    verbose_name = _("Bank statements")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "bank-entries": [SEES],
        "bank-entry": [SEES],
        "bank-entry-match": [MATCHES],
        "bank-entry-aside": [MATCHES],
        "bank-statements": [IMPORTS],
        "bank-statement": [IMPORTS],
        "bank-statement-confirm": [MATCHES],
        "bank-statement-discard": [IMPORTS],
    }

    def get_urls(self) -> list[Any]:
        from .dashboard import entries, statements

        urls = [
            path("entries/", entries.EntryListView.as_view(), name="bank-entries"),
            path("entries/<int:pk>/", entries.entry, name="bank-entry"),
            path("entries/<int:pk>/match/", entries.match, name="bank-entry-match"),
            path("entries/<int:pk>/aside/", entries.aside, name="bank-entry-aside"),
            path("statements/", statements.StatementListView.as_view(), name="bank-statements"),
            path("statements/<int:pk>/", statements.statement, name="bank-statement"),
            path("statements/<int:pk>/confirm/", statements.confirm, name="bank-statement-confirm"),
            path("statements/<int:pk>/discard/", statements.discard, name="bank-statement-discard"),
        ]
        return self.post_process_urls(urls)
