from typing import cast

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from oscar.apps.dashboard import apps as oscars
from oscar.core.application import OscarConfig


class DashboardConfig(oscars.DashboardConfig):
    """Oscar's dashboard without flat pages, letter templates and weight-based shipping, and with pages of ours."""

    name = "shop.dashboard"
    PARTS = (
        ("catalogue/", "catalogue_dashboard"),
        ("reports/", "reports_dashboard"),
        ("orders/", "orders_dashboard"),
        ("users/", "users_dashboard"),
        ("companies/", "companies"),
        ("affiliates/", "attribution"),
        ("prices/", "pricing"),
        ("prices/", "rehearsal"),
        ("viewing/", "viewing"),
        ("prices/", "pricefiles"),
        ("costs/", "costs"),
        ("stock/", "inventory"),
        ("partners/", "partners_dashboard"),
        ("offers/", "offers_dashboard"),
        ("ranges/", "ranges_dashboard"),
        ("reviews/", "reviews_dashboard"),
        ("vouchers/", "vouchers_dashboard"),
        ("shipping/", "shipping_dashboard"),
        ("payments/", "payments"),
        ("bank/", "statements"),
        ("credit/", "credit"),
        ("staff/", "staff"),
        ("audit/", "audit"),
        ("outbox/", "outbox"),
        ("messages/", "messaging"),
        ("gateway-payments/", "gateways"),
        ("webhooks/", "webhooks"),
        ("review/", "review"),
        ("recommendations/", "recommendations"),
        ("search/", "merchandising"),
        ("api-keys/", "api"),
    )

    def configure_permissions(self) -> None:
        super().configure_permissions()
        self.permissions_map["choose-store"] = ["staff.use_dashboard"]
        self.permissions_map["store-list"] = self.permissions_map["store-settings"] = ["stores.change_store"]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from .store_settings import StoreListView, StoreSettingsView
        from .views import choose_store

        to_sign_in = RedirectView.as_view(pattern_name="accounts:sign-in", query_string=True)
        urls = [
            path("", self.index_view.as_view(), name="index"),
            path("store/", choose_store, name="choose-store"),
            path("stores/", StoreListView.as_view(), name="store-list"),
            path("stores/<int:pk>/", StoreSettingsView.as_view(), name="store-settings"),
            path("login/", to_sign_in, name="login"),
            path("logout/", RedirectView.as_view(pattern_name="accounts:sign-out"), name="logout"),
        ]
        configs = [(prefix, cast(OscarConfig, apps.get_app_config(label))) for prefix, label in self.PARTS]
        parts = [path(prefix, include(config.urls[0])) for prefix, config in configs]
        return [*self.post_process_urls(urls), *parts]
