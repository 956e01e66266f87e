"""The stores' addresses, and the pattern page."""

from django.urls import path

from .styleguide import styleguide
from .urls import urlpatterns as store_urls

urlpatterns = [
    path("styleguide/", styleguide),
    path("styleguide/<slug:theme>/", styleguide, name="styleguide"),
    *store_urls,
]
