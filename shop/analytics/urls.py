from django.urls import path

from .views import seen

urlpatterns = [path("<int:pk>/", seen, name="seen")]
