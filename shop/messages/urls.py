from django.urls import path
from django.views.decorators.cache import never_cache

from . import views

app_name = "messages"

urlpatterns = [
    path("accounts/messages/", never_cache(views.preferences), name="preferences"),
    path("messages/unsubscribe/<str:token>/", never_cache(views.stop), name="unsubscribe"),
]
