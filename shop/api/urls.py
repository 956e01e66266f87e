"""Every operation by name. Nothing of django-oscar-api is included as a whole: see docs/adr/0007."""

from django.urls import path, re_path

from .views import addresses, base, basket, catalogue, checkout, documents, orders

app_name = "api"

urlpatterns = [
    path("schema/", documents.Schema.as_view(), name="schema"),
    path("docs/", documents.Docs.as_view(), name="docs"),
    path("v1/products/", catalogue.Products.as_view(), name="products"),
    path("v1/products/<int:pk>/", catalogue.OneProduct.as_view(), name="product"),
    path("v1/categories/", catalogue.Categories.as_view(), name="categories"),
    path("v1/basket/", basket.OneBasket.as_view(), name="basket"),
    path("v1/basket/lines/", basket.Lines.as_view(), name="basket-lines"),
    path("v1/basket/lines/<int:pk>/", basket.OneLine.as_view(), name="basket-line"),
    path("v1/basket/vouchers/", basket.Vouchers.as_view(), name="basket-vouchers"),
    path("v1/basket/vouchers/<int:pk>/", basket.OneVoucher.as_view(), name="basket-voucher"),
    path("v1/checkout/", checkout.Checkout.as_view(), name="checkout"),
    path("v1/checkout/preview/", checkout.CheckoutPreview.as_view(), name="checkout-preview"),
    path("v1/orders/", orders.Orders.as_view(), name="orders"),
    path("v1/orders/<slug:number>/", orders.OneOrder.as_view(), name="order"),
    path("v1/addresses/", addresses.Addresses.as_view(), name="addresses"),
    path("v1/addresses/<int:pk>/", addresses.OneAddress.as_view(), name="address"),
    re_path("", base.Nothing.as_view(), name="nothing"),
]
