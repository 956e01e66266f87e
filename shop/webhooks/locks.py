"""The row locks of webhooks, before that of the order which they tell of. The caller is in a transaction."""

from django.db.models import QuerySet

from .models import ReceivedWebhook


def webhooks() -> QuerySet[ReceivedWebhook]:
    return ReceivedWebhook.objects.order_by("pk").select_for_update(of=("self",), no_key=True)
