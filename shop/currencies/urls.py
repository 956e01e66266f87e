from django.urls import path

from .views import choose_currency

app_name = "currencies"

urlpatterns = [path("", choose_currency, name="choose")]
