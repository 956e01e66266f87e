"""A viewing's addresses on every store's host."""

from django.urls import path

from . import views

urlpatterns = [
    path("end/", views.end, name="viewing-end"),
    path("over/", views.over, name="viewing-over"),
    path("only-looks/", views.refusal, name="viewing-only-looks"),
    path("<str:token>/", views.begin, name="viewing-begin"),
]
