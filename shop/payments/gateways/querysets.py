from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from .contract import PaymentStatus

ABANDONED_AFTER = timedelta(hours=1)
"""How long an order waits for its buyer to pay at a gateway. A bank's questions and a wallet's sign-in take minutes; an
hour allows for a telephone in another room, and holds no stock for those who have left."""
ASKED_AGAIN_FOR = timedelta(days=1)
"""And one whose authorisation lapsed, or that was held and released: its buyer has left, and is written to."""
LAPSES_SOON = timedelta(days=2)
"""So long before an authorisation lapses its page and the list say so."""
REPEATED_FOR = timedelta(hours=23)
"""How long a call is made again with the same key: gateways remember keys for a day, as Stripe says
(docs.stripe.com/api/idempotent_requests)."""
MIDDLE_OF_A_CALL = timedelta(minutes=2)
"""Younger calls without an outcome are being made; older ones were left by a process that died."""

DECLINED = Q(calls__verb="capture", calls__state="refused")


class GatewayPaymentQuerySet(models.QuerySet):
    def waiting(self) -> "GatewayPaymentQuerySet":
        """For their buyers, or under way: nothing is taken or set aside by them yet."""
        return self.filter(status__in=[PaymentStatus.NOTED, PaymentStatus.OPEN, PaymentStatus.PROCESSING])

    def due_for_a_look(self, now: datetime) -> "GatewayPaymentQuerySet":
        return self.filter(look_at__lte=now).exclude(reference=None)

    def lapsing(self, now: datetime) -> "GatewayPaymentQuerySet":
        """What they set aside lapses soon."""
        return self.filter(status=PaymentStatus.AUTHORISED, capture_before__lte=now + LAPSES_SOON)

    def to_be_captured(self) -> "GatewayPaymentQuerySet":
        """Set aside for orders of which something was sent; not those that a gateway refused to charge: staff have
        been told, and try again when they know better."""
        waiting = self.filter(status=PaymentStatus.AUTHORISED).exclude(pk__in=self.refused_to_charge().values("pk"))
        return waiting.filter(order__shipments__isnull=False).distinct()

    def refused_to_charge(self) -> "GatewayPaymentQuerySet":
        """Set aside, and when it was to be taken the gateway declined."""
        return self.filter(DECLINED, status=PaymentStatus.AUTHORISED)

    def not_to_be_counted_on(self) -> "GatewayPaymentQuerySet":
        """Set aside, but the gateway declined to charge it or was asked to let it go, and did not refuse that."""
        let_go = Q(calls__verb="cancel", calls__state__in=("noted", "unknown", "done"))
        return self.filter(DECLINED | let_go, status=PaymentStatus.AUTHORISED)

    def abandoned(self, now: datetime) -> "GatewayPaymentQuerySet":
        """Begun long ago, and nothing is set aside or under way."""
        waiting = (PaymentStatus.NOTED, PaymentStatus.OPEN)
        return self.filter(status__in=waiting, started_at__lte=now - ABANDONED_AFTER)


class GatewayCallQuerySet(models.QuerySet):
    def unanswered(self) -> "GatewayCallQuerySet":
        """Those of which nobody knows yet what came of them."""
        return self.filter(state__in=["noted", "unknown"])

    def without_outcome(self, now: datetime) -> "GatewayCallQuerySet":
        """Those that may be made again with the same key."""
        left = Q(state="noted", noted_at__lte=now - MIDDLE_OF_A_CALL)
        return self.filter(left | Q(state="unknown"), noted_at__gte=now - REPEATED_FOR)

    def forgotten(self, now: datetime) -> "GatewayCallQuerySet":
        """Those whose key the gateway may not know any more: made again, they might be done twice."""
        return self.unanswered().filter(noted_at__lt=now - REPEATED_FOR)
