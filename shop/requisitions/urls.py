from django.urls import path
from django.views.decorators.cache import never_cache

from .views import keeping, lists

app_name = "requisitions"

urlpatterns = [
    path("", never_cache(lists.lists), name="lists"),
    path("add/<int:product_pk>/", never_cache(keeping.keep_product), name="keep-product"),
    path("from-basket/", never_cache(keeping.keep_basket), name="keep-basket"),
    path("from-order/<str:order_number>/", never_cache(keeping.keep_order), name="keep-order"),
    path("from-review/", never_cache(keeping.keep_review), name="keep-review"),
    path("<int:pk>/", never_cache(lists.show_list), name="list"),
    path("<int:pk>/change/", never_cache(lists.change), name="change"),
    path("<int:pk>/delete/", never_cache(lists.delete), name="delete"),
]
