from django.urls import path

from .views import slots

urlpatterns = [path("", slots, name="slots")]
