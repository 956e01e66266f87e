from django.urls import path

from . import views

urlpatterns = [
    path("theme.css", views.store_stylesheet, name="store_stylesheet"),
    path("search/suggest/", views.suggestions, name="suggestions"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap/<slug:slug>.xml", views.sitemap_part, name="sitemap_part"),
]
