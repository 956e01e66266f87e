"""What Oscar looks for under this name: letters to those who wait for a product to come back."""

from typing import Any

from django.db.models.functions import Coalesce
from oscar.apps.customer.alerts import utils as oscars

from shop.catalogue.models import Product
from shop.communication.writing import writing_for
from shop.stores.models import Store


class AlertsDispatcher(oscars.AlertsDispatcher):
    """Oscar's, but it writes as a store that sells the product, in its language; a product that none sells waits.

    An alert does not say in which store it was asked for: of several that sell the product the oldest writes.
    """

    def send_product_alert_email_for_user(self, product: Any) -> None:
        listed = Product.objects.filter(pk=product.pk).values(listed=Coalesce("parent_id", "pk"))
        store = Store.objects.filter(is_open=True, listings__product__in=listed).order_by("pk").first()
        if store is not None:
            with writing_for(store):
                super().send_product_alert_email_for_user(product)
