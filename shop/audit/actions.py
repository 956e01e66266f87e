"""Appending to the trail."""

from typing import Any

from django.db import models

from shop.accounts.models import User
from shop.stores.models import Store

from .models import AuditEntry
from .origin import current_origin


def record(
    action: str,
    *,
    by: User | None,
    target: models.Model | None = None,
    store: Store | None = None,
    actor_label: str = "",
    **details: Any,
) -> AuditEntry:
    """Append that `action` was done, in the transaction that does it: rolled back, it was not done.

    `by` is None where nobody signed in acts: a command, or a stranger at the sign-in, whom `actor_label` may describe.
    Details are JSON values; secrets and card numbers never belong there.
    """
    origin = current_origin()
    return AuditEntry.objects.create(
        action=action,
        actor_id=by.pk if by else None,
        actor_label=(actor_label or (by.email if by else ""))[:254],
        target_type=target._meta.label_lower if target else "",
        target_id=str(target.pk) if target else "",
        target_label=str(target)[:254] if target else "",
        store_id=store.pk if store else None,
        details=details,
        address=origin.address,
        request_id=origin.request_id,
    )
