from django.urls import path
from django.views.decorators.cache import never_cache

from .views import reorder

app_name = "recommendations"

urlpatterns = [path("accounts/reorder/", never_cache(reorder), name="reorder")]
