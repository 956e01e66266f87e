"""The console's addresses on the platform's host, and a visit's on every store's."""

from django.urls import path

from . import views

console = [
    path("", views.merchants, name="merchants"),
    path("merchants/new/", views.new_merchant, name="new-merchant"),
    path("merchants/<int:merchant_id>/", views.merchant, name="merchant"),
    path("merchants/<int:merchant_id>/visit/", views.visit, name="visit"),
    path("merchants/<int:merchant_id>/stores/new/", views.new_store, name="new-store"),
    path("merchants/<int:merchant_id>/stores/<int:store_id>/close/", views.close_store, name="close-store"),
    path("merchants/<int:merchant_id>/stores/<int:store_id>/reopen/", views.reopen_store, name="reopen-store"),
    path("merchants/<int:merchant_id>/stores/<int:store_id>/hosts/", views.add_host, name="add-host"),
    path("trail/", views.trail, name="trail"),
]

of_stores = [
    path("operator-entry/leave/", views.leave, name="operator-visit-leave"),
    path("operator-entry/over/", views.visit_over, name="operator-visit-over"),
    path("operator-entry/<str:token>/", views.enter, name="operator-visit-enter"),
]
