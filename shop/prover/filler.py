"""A row for every table, whatever its model is."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from wagtail.models import Page

from shop.accounts.models import User
from shop.stores import tenancy
from shop.stores.models import Store

from .marks import PERSON, STORE

LEFT_EMPTY = {
    "wagtailusers_userprofile": "a time zone or language that there isn't would break every page of the CMS",
}
"""Owned tables that are given no row, with the reason."""

LEFT_BLANK = {
    "proxy_class": "the path of a class that isn't there would break every page that shows the offer",
}
"""Fields, of whichever model, that are given no value, with the reason."""

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""A PNG of one pixel."""

Model = type[models.Model]


class Filler:
    """Gives each owned table that is still empty one row, its texts marked and its keys pointing at what there is."""

    def __init__(self, mark: str, *, first_id: int) -> None:
        self.mark, self.first_id = mark, first_id
        self.numbers = count(1)
        staged = tenancy.owned_tables() - LEFT_EMPTY.keys()
        self.models = [m for m in apps.get_models(include_auto_created=True) if m._meta.db_table in staged]

    def fill_all(self) -> None:
        for _ in range(3):  # a row may need rows of tables that come later
            for model in self.models:
                if not model._base_manager.exists():
                    self.fill(model)

    def empty(self) -> Iterator[str]:
        return (model._meta.db_table for model in self.models if not model._base_manager.exists())

    def fill(self, model: Model) -> None:
        """Add a row, unless one can't be made yet."""
        try:
            with transaction.atomic():
                row = model(**{field.attname: value for field, value in self.values(model)})
                if isinstance(row, Page):
                    Page.objects.filter(depth=2)[0].add_child(instance=row)
                else:
                    models.Model.save_base(row, force_insert=True)
        except (DatabaseError, ValidationError, ValueError, TypeError, AttributeError, IndexError):
            return

    def values(self, model: Model) -> Iterator[tuple[models.Field, Any]]:
        fields = model._meta.concrete_fields
        if issubclass(model, Page):
            yield Page._meta.get_field("title"), f"{model.__name__} {self.mark_of(model)}"
            fields = model._meta.local_concrete_fields
        for field in fields:
            if field.name in {"merchant_id", *LEFT_BLANK} or getattr(field.remote_field, "parent_link", False):
                continue
            if field.primary_key and field.get_internal_type().endswith("AutoField"):
                continue
            if field.related_model is ContentType:
                yield field, ContentType.objects.get_for_model(model).pk
            elif field.is_relation:
                value = field.related_model._base_manager.order_by("pk").values_list("pk", flat=True).first()
                yield field, None if value is None and field.null else value
            elif not field.has_default() or field.get_default() in ("", None):
                yield field, self.value(field)

    def value(self, field: models.Field) -> Any:
        if field.choices:
            return field.flatchoices[0][0]
        if field.name == "object_id" or (field.primary_key and isinstance(field, models.IntegerField)):
            return self.first_id
        mark = self.mark_of(field.model)
        match field:
            case models.EmailField():
                return f"{mark}{next(self.numbers)}@example.com"
            case models.FileField():
                return default_storage.save(f"{mark}.png", ContentFile(PICTURE))
            case models.URLField():
                return f"https://example.com/{mark}"
            case models.CharField() if field.max_length and field.max_length < len(mark) + 4:
                return f"{self.first_id:x}{next(self.numbers)}"[-field.max_length :]
            case models.CharField() | models.TextField():
                return f"{mark}{next(self.numbers)}"[: field.max_length]
            case models.DateTimeField():
                return timezone.now() + timedelta(days=1)
            case models.DateField():
                return timezone.now().date()
            case models.BooleanField():
                return True
            case models.DecimalField():
                return Decimal(1)
            case models.IntegerField() | models.FloatField() | models.DurationField():
                return 1
            case models.JSONField():
                return {}
            case ArrayField():
                return [self.value(field.base_field)]
            case models.UUIDField():
                return uuid4()
            case models.GenericIPAddressField():
                return "127.0.0.1"
        return None

    def mark_of(self, model: Model) -> str:
        store = STORE if model in self.models_of_a_store or issubclass(model, Page) else ""
        return self.mark + store + (PERSON if model in self.models_of_a_person else "")

    @cached_property
    def models_of_a_store(self) -> set[Model]:
        return self._pointing_at(Store)

    @cached_property
    def models_of_a_person(self) -> set[Model]:
        return self._pointing_at(User)

    def _pointing_at(self, root: Model) -> set[Model]:
        """The models whose rows belong to a row of this one, directly or through others."""
        found: set[Model] = {root}
        while True:
            more = {model for model in self.models if model not in found and self._parents(model) & found}
            if not more:
                return found - {root}
            found |= more

    @staticmethod
    def _parents(model: Model) -> set[Model]:
        """What it can't be without."""
        return {field.related_model for field in model._meta.concrete_fields if field.is_relation and not field.null}
