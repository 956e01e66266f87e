from django.urls import path

from .views import receive

app_name = "webhooks"

urlpatterns = [path("<slug:gateway>/", receive, name="receive")]
