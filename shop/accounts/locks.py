"""The row locks of accounts. The caller is in a transaction."""

from django.db.models import QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from .models import User


def devices_of(user: User) -> QuerySet[TOTPDevice]:
    """The user's second factors: a code is used once, whoever enters it at the same moment."""
    return TOTPDevice.objects.filter(user=user).order_by("pk").select_for_update()
