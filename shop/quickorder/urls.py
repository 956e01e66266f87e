from django.urls import path
from django.views.decorators.cache import never_cache

from .views import QuickOrderView

app_name = "quickorder"

urlpatterns = [path("", never_cache(QuickOrderView.as_view()), name="order")]
