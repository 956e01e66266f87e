"""What can happen to the money of an order."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TransactionKind(models.TextChoices):
    """Amounts are positive; the kind says which way the money goes."""

    AUTHORISE = "authorise", _("Authorised")
    """Set aside for us, not ours yet."""
    CAPTURE = "capture", _("Captured")
    """Ours now: a card was charged, a transfer has come in, a gift card was used."""
    VOID = "void", _("Voided")
    """An authorisation that is given up, or what is left of it."""
    REFUND_PENDING = "refund_pending", _("Refund on its way")
    """It leaves us, and counts as refunded when it has arrived: with some banks that takes days, and may fail."""
    REFUND = "refund", _("Refunded")
    REFUND_ENDED = "refund_ended", _("Refund no longer on its way")
    """It has arrived, which is refunded, or has failed."""
    DISPUTE = "dispute", _("Disputed")
    """Taken back by the buyer's bank, which may give it back to us."""
    DISPUTE_WON = "dispute_won", _("Dispute won")
    DISPUTE_LOST = "dispute_lost", _("Dispute lost")
    """Its bank keeps what it took, which is refunded."""
