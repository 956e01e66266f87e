from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEES, CHANGES, SIGNS = "pricing.view_pricelist", "pricing.change_pricelist", "pricefiles.sign_pricefile"


class PriceFilesConfig(application.OscarDashboardConfig):
    name = "shop.pricefiles"
    label = "pricefiles"
    verbose_name = _("Price files")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "price-list-export": [SEES],
        "price-list-import": [CHANGES],
        "price-file": [SEES],
        "price-file-differences": [SEES],
        "price-file-refused": [SEES],
        "price-file-compare": [CHANGES],
        "price-file-withdraw": [CHANGES],
        "price-file-sign": [SIGNS],
        "price-file-undo": [SIGNS],
        "price-file-policy": ["pricefiles.change_signingpolicy"],
    }

    def get_urls(self) -> list[Any]:
        from .dashboard import downloads, files

        of_file = "<int:pk>/import/<int:file_id>/"
        urls = [
            path("<int:pk>/export/", downloads.export, name="price-list-export"),
            path("<int:pk>/import/", files.send, name="price-list-import"),
            path("<int:pk>/import/policy/", files.policy, name="price-file-policy"),
            path(of_file, files.price_file, name="price-file"),
            path(f"{of_file}compare/", files.compare, name="price-file-compare"),
            path(f"{of_file}sign/", files.sign, name="price-file-sign"),
            path(f"{of_file}undo/", files.undo, name="price-file-undo"),
            path(f"{of_file}withdraw/", files.withdraw, name="price-file-withdraw"),
            path(f"{of_file}differences/", downloads.differences, name="price-file-differences"),
            path(f"{of_file}refused/", downloads.refused, name="price-file-refused"),
        ]
        return self.post_process_urls(urls)
