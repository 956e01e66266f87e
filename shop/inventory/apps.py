from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEES, MOVES = "inventory.view_stocklevel", "inventory.add_stockmovement"


class InventoryConfig(application.OscarDashboardConfig):
    name = "shop.inventory"
    label = "inventory"
    verbose_name = _("Stock")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "stock-list": [SEES],
        "stock-record": [SEES],
        "stock-book": [SEES, MOVES],
        "stock-transfer": [SEES, MOVES],
        "stock-terms": [SEES, "partner.change_stockrecord"],
        "location-list": ["inventory.view_location"],
        "location-create": ["inventory.add_location"],
        "location": ["inventory.change_location"],
        "stock-policy": ["inventory.change_stockpolicy"],
        "count-list": ["inventory.view_stockcount"],
        "count-import": ["inventory.add_stockcount"],
        "count": ["inventory.view_stockcount"],
        "count-sign": ["inventory.sign_stockcount"],
        "count-withdraw": ["inventory.add_stockcount"],
    }

    def get_urls(self) -> list[Any]:
        from .dashboard import counts, places, stock

        urls = [
            path("", stock.StockListView.as_view(), name="stock-list"),
            path("<int:pk>/", stock.stock_record, name="stock-record"),
            path("<int:pk>/book/", stock.book_pieces, name="stock-book"),
            path("<int:pk>/transfer/", stock.transfer_pieces, name="stock-transfer"),
            path("<int:pk>/terms/", stock.change_terms, name="stock-terms"),
            path("locations/", places.LocationListView.as_view(), name="location-list"),
            path("locations/create/", places.edit_location, name="location-create"),
            path("locations/<int:pk>/", places.edit_location, name="location"),
            path("stores/<int:pk>/", places.edit_policy, name="stock-policy"),
            path("counts/", counts.CountListView.as_view(), name="count-list"),
            path("counts/import/", counts.import_file, name="count-import"),
            path("counts/<int:pk>/", counts.CountView.as_view(), name="count"),
            path("counts/<int:pk>/sign/", counts.sign, name="count-sign"),
            path("counts/<int:pk>/withdraw/", counts.withdraw, name="count-withdraw"),
        ]
        return self.post_process_urls(urls)
