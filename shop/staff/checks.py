"""A role that names a permission which nobody made would silently allow less than it says."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from .roles import POWERS


@register
def roles_name_real_permissions(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    known = {
        f"{model._meta.app_label}.{codename}"
        for model in apps.get_models()
        for codename in [
            *(f"{verb}_{model._meta.model_name}" for verb in model._meta.default_permissions),
            *(codename for codename, _ in model._meta.permissions),
        ]
    }
    return [
        Error(f"The role {role} names a permission that no model has: {name}.", id="staff.E001")
        for role, powers in POWERS.items()
        for name in sorted(powers.all() - known)
    ]
