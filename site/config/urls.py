"""Every store's addresses: the staff's doors, Oscar's shop, and Wagtail for all the rest."""

from typing import cast

from django.apps import apps
from django.urls import include, path
from oscar.config import Shop
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config.media import serve_media
from shop.accounts.urls import passwords
from shop.customer.seen import recently_seen
from shop.merchandising.views import chosen, sought
from shop.operators.urls import of_stores as operator_visits

oscar_urls, _, _ = cast(Shop, apps.get_app_config("oscar")).urls

urlpatterns = [
    path("", include("cms_pages.doors")),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("cms_pages.urls")),
    path("api/", include("shop.api.urls")),
    path("cookies/", include("shop.consent.urls")),
    path("seen/", recently_seen, name="recently-seen"),
    path("seen/", include("shop.analytics.urls")),
    path("seen/search/<str:said>/", sought, name="sought"),
    path("seen/search/<str:said>/<int:place>/", chosen, name="chosen"),
    path("slots/", include("shop.pagecache.urls")),
    path("viewing/", include("shop.viewing.urls")),
    path("currency/", include("shop.currencies.urls")),
    path("pay/", include("shop.checkout.paying_urls")),
    path("webhooks/", include("shop.webhooks.urls")),
    path("quick-order/", include("shop.quickorder.urls")),
    path("accounts/requisitions/", include("shop.requisitions.urls")),
    path("", include("shop.messages.urls")),
    path("", include("shop.recommendations.urls")),
    path("media/<path:name>", serve_media, name="media"),
    # Before Oscar's, which has a sign-in and a registration of its own under the same addresses.
    path("", include("shop.accounts.urls")),
    path("", include("shop.companies.urls")),
    *passwords,
    *operator_visits,
    # Oscar would send the bare address to its catalogue; the home page is Wagtail's.
    path("", include([pattern for pattern in oscar_urls if getattr(pattern, "name", None) != "home"])),
    path("", include(wagtail_urls)),
]
