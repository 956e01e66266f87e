"""Stripe's own library, which nothing else imports: it brings an asynchronous client, and takes long to load."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe
from django.conf import settings

from .errors import Declined, GatewayUnreachable, NeedsAction, Refused


def client(key: str, base: str) -> Any:
    http = stripe.RequestsClient(timeout=settings.GATEWAY_TIMEOUT_S)
    options: Any = {"http_client": http, "base_addresses": {"api": base}, "max_network_retries": 0}
    return stripe.StripeClient(key, **options).v1


@contextmanager
def errors() -> Iterator[None]:
    """Stripe's errors as ours (docs.stripe.com/error-handling)."""
    try:
        yield
    except stripe.CardError as error:
        if error.code == "authentication_required":
            raise NeedsAction from error
        raise Declined(error.code or "card_declined") from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise GatewayUnreachable(type(error).__name__) from error
    except stripe.StripeError as error:
        if (error.http_status or 500) >= 500 or error.http_status in (200, 409):  # 409: the same call is being made
            raise GatewayUnreachable(f"HTTP {error.http_status}") from error
        raise Refused(error.code or str(error.http_status), error.user_message or str(error)) from error
