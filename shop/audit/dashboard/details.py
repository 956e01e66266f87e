"""The details of a deed as staff read them: no keys, no ids, and values as people say them."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.forms import Form
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shop.audit.models import AuditEntry
from shop.companies.roles import MemberRole
from shop.inventory.models import Cause
from shop.inventory.rules import AllocationRule
from shop.order.statuses import OrderStatus
from shop.partner.models import SoldAhead
from shop.payments.registry import METHODS
from shop.pricing.formats import money
from shop.review.models import Verdict
from shop.review.registry import RULES
from shop.staff.roles import Role
from shop.webhooks.models import WebhookState

NAMES: Mapping[str, Any] = {
    "access": gettext_lazy("Access"),
    "acts_as": gettext_lazy("Acts as"),
    "added": pgettext_lazy("how many", "Added"),
    "address": gettext_lazy("Address"),
    "after": pgettext_lazy("a change", "After"),
    "amount": gettext_lazy("Amount"),
    "before": pgettext_lazy("a change", "Before"),
    "carrier": gettext_lazy("Carrier"),
    "cause": gettext_lazy("Cause"),
    "changed": pgettext_lazy("how many", "Changed"),
    "code": gettext_lazy("Code"),
    "company": gettext_lazy("Company"),
    "copied_from": gettext_lazy("Copied from"),
    "currency": gettext_lazy("Currency"),
    "days": gettext_lazy("Days"),
    "deliveries": gettext_lazy("Deliveries"),
    "details": gettext_lazy("Details"),
    "differences": gettext_lazy("Differences"),
    "edition": gettext_lazy("Edition"),
    "email": gettext_lazy("E-mail address"),
    "expires": gettext_lazy("Valid until"),
    "fields": gettext_lazy("Changed"),
    "file": gettext_lazy("File"),
    "first": pgettext_lazy("where it came from", "First"),
    "hold_minutes": gettext_lazy("Minutes kept for who pays"),
    "host": gettext_lazy("Host"),
    "how": pgettext_lazy("of a sale", "How"),
    "is_on": gettext_lazy("Switched on"),
    "is_shared": gettext_lazy("Shared"),
    "known": gettext_lazy("Known already"),
    "landed": gettext_lazy("With freight and duty"),
    "leads_to": gettext_lazy("Leads to"),
    "left": gettext_lazy("Codes left"),
    "location": gettext_lazy("Location"),
    "merchant": gettext_lazy("Merchant"),
    "method": gettext_lazy("Method"),
    "minimum": gettext_lazy("Minimum"),
    "mode": gettext_lazy("Mode"),
    "most": gettext_lazy("At most"),
    "multiple": gettext_lazy("In packs of"),
    "name": gettext_lazy("Name"),
    "needs_second_person": gettext_lazy("A second person signs"),
    "new": pgettext_lazy("of a change", "New"),
    "number": gettext_lazy("Number"),
    "old": pgettext_lazy("of a change", "Old"),
    "order": gettext_lazy("Order"),
    "origin": pgettext_lazy("of goods", "From"),
    "owner": gettext_lazy("Owner"),
    "parcel": gettext_lazy("Parcel"),
    "part_of": gettext_lazy("Part of"),
    "partner": gettext_lazy("Supplier"),
    "path": gettext_lazy("Page"),
    "person": gettext_lazy("Person"),
    "pieces": gettext_lazy("Pieces"),
    "position": gettext_lazy("Position"),
    "product": gettext_lazy("Product"),
    "products": gettext_lazy("Products"),
    "promised_on": gettext_lazy("Promised for"),
    "reason": gettext_lazy("Reason"),
    "reference": pgettext_lazy("of a payment", "Reference"),
    "refused": pgettext_lazy("how many", "Refused"),
    "requires_second_factor": gettext_lazy("A second factor is asked for"),
    "retired": pgettext_lazy("how many prices", "Ended"),
    "revision": gettext_lazy("Revision"),
    "role": gettext_lazy("Role"),
    "rows": gettext_lazy("Rows"),
    "rule": gettext_lazy("Rule"),
    "second_factor": gettext_lazy("Second factor"),
    "secrets_set": gettext_lazy("Secrets set"),
    "state": gettext_lazy("State"),
    "stores": gettext_lazy("Stores"),
    "subject": gettext_lazy("Subject"),
    "takes_effect_at": gettext_lazy("Counts from"),
    "tracking_number": gettext_lazy("Tracking number"),
    "tracking_url": gettext_lazy("Tracking link"),
    "unchanged": pgettext_lazy("how many", "Unchanged"),
    "unit": gettext_lazy("Unit"),
    "until": gettext_lazy("Until"),
    "verdict": gettext_lazy("Verdict"),
}
"""Of a detail that has none here, the name of its target's field of this name stands for it."""
UNSAID = {"cancellation", "digest", "key"}
"""For programs."""
COUNTED = {"deliveries", "products"}
"""Of which it is said how many they are, and not their keys."""
FIRST = {"before": 0, "after": 1}
METHOD_NAMES = {code: method.name for code, method in METHODS.items()}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "before": {**dict(OrderStatus.choices), **METHOD_NAMES},
    "after": {**dict(OrderStatus.choices), **METHOD_NAMES},
    "role": {**dict(MemberRole.choices), **dict(Role.choices)},
    "cause": dict(Cause.choices),
    "rule": dict(AllocationRule.choices),
    "how": dict(SoldAhead.choices),
    "verdict": dict(Verdict.choices),
    "state": dict(WebhookState.choices),
}
TARGETS: Mapping[str, Mapping[str, Any]] = {
    "payments.storepaymentmethod": METHOD_NAMES,
    "review.storerule": {code: rule.name for code, rule in RULES.items()},
}
"""Targets that are called by a code."""
FORMS: Mapping[str, Callable[[str], type[Form]]] = {
    "payments.storepaymentmethod": lambda code: METHODS[code].details_form,
    "review.storerule": lambda code: RULES[code].options_form,
}
"""And the forms in which their details were typed."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def target_of(entry: AuditEntry) -> str:
    return str(TARGETS.get(entry.target_type, {}).get(entry.target_label, entry.target_label))


def details_of(entry: AuditEntry) -> list[tuple[str, str]]:
    """Names and values, without what says nothing."""
    return list(_pairs(entry, entry.details))


def _pairs(entry: AuditEntry, details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in sorted(details.items(), key=lambda item: FIRST.get(item[0], len(FIRST))):
        said = "" if name in UNSAID else _value_of(entry, name, value)
        if said and not (name == "currency" and "amount" in details):
            yield _name_of(entry, name), said


def _name_of(entry: AuditEntry, name: str) -> str:
    said = str(_label_of(entry, name) or NAMES.get(name) or getattr(_field_of(entry, name), "verbose_name", ""))
    said = said or name.replace("_", " ")
    return said[:1].upper() + said[1:]


def _label_of(entry: AuditEntry, name: str) -> Any:
    try:
        return FORMS[entry.target_type](entry.target_label).base_fields[name].label
    except KeyError:
        return None


def _value_of(entry: AuditEntry, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return pgettext("an answer", "yes") if value else pgettext("an answer", "no")
    if name in COUNTED and isinstance(value, list):
        return str(len(value))
    if isinstance(value, list):
        return ", ".join(_name_of(entry, each) if name in ("fields", "secrets_set") else str(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(_("%(name)s: %(value)s") % {"name": key, "value": text} for key, text in _pairs(entry, value))
    if name == "amount" and isinstance(value, str):
        return _amount(value, entry)
    text = "" if value is None else str(value)
    if MOMENT.match(text):
        return _moment(text)
    field = _field_of(entry, name)
    words = CHOICES.get(name) or dict(getattr(field, "flatchoices", None) or ())
    return str(words.get(text, text))


def _amount(value: str, entry: AuditEntry) -> str:
    currency = entry.details.get("currency") or (entry.store.currency if entry.store else "")
    return money(Decimal(value), currency) if currency else value


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return formats.date_format(timezone.localtime(moment) if moment.tzinfo else moment, "Y-m-d H:i")


def _field_of(entry: AuditEntry, name: str) -> Any:
    try:
        return apps.get_model(entry.target_type)._meta.get_field(name) if entry.target_type else None
    except (LookupError, FieldDoesNotExist):
        return None
