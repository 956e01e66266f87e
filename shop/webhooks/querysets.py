from datetime import datetime, timedelta

from django.db import models

WAITED_FOR = timedelta(days=7)
"""How long a webhook waits for what comes before it; gateways send again for three days."""


class ReceivedWebhookQuerySet(models.QuerySet):
    def waiting(self, now: datetime) -> "ReceivedWebhookQuerySet":
        return self.filter(state="waiting", received_at__gte=now - WAITED_FOR).order_by("pk")
