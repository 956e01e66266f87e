from django.urls import path

from .views import CookieChoiceView

app_name = "consent"

urlpatterns = [path("", CookieChoiceView.as_view(), name="choice")]
