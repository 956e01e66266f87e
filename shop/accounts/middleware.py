"""Whose request it is, where no transaction spans it."""

from django_otp.middleware import OTPMiddleware

from shop.stores.scope import scoped


class SecondFactorMiddleware(OTPMiddleware):
    """django-otp's, reading the device in a scope of its own for views that hold no transaction."""

    _verify_user_sync = scoped(OTPMiddleware._verify_user_sync)
