from django.urls import URLPattern, path
from oscar.apps.checkout import apps
from oscar.core.loading import get_class


class CheckoutConfig(apps.CheckoutConfig):
    name = "shop.checkout"

    def ready(self) -> None:
        super().ready()
        self.preview_view = get_class("checkout.views", "PreviewView")
        self.credit_view = get_class("checkout.views", "CreditView")

    def get_urls(self) -> list[URLPattern]:
        urls = [
            path("", self.index_view.as_view(), name="index"),
            path("shipping-address/", self.shipping_address_view.as_view(), name="shipping-address"),
            path("user-address/edit/<int:pk>/", self.user_address_update_view.as_view(), name="user-address-update"),
            path("user-address/delete/<int:pk>/", self.user_address_delete_view.as_view(), name="user-address-delete"),
            path("shipping-method/", self.shipping_method_view.as_view(), name="shipping-method"),
            path("payment-method/", self.payment_method_view.as_view(), name="payment-method"),
            path("payment-details/", self.payment_details_view.as_view(), name="payment-details"),
            path("credit/", self.credit_view.as_view(), name="credit"),
            path("preview/", self.preview_view.as_view(), name="preview"),
            path("thank-you/", self.thankyou_view.as_view(), name="thank-you"),
        ]
        return self.post_process_urls(urls)
