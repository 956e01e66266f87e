"""What Oscar looks for under this name: telling those who wait for a product to come back."""

from typing import Any

from oscar.apps.customer.alerts import utils as oscars

from shop.outbox.actions import record


class AlertsDispatcher(oscars.AlertsDispatcher):
    """Oscar's, but it only says that a product is back; `shop.messages` writes to those who wait for it."""

    def send_product_alert_email_for_user(self, product: Any) -> None:
        record("stock.back", product)
