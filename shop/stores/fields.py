"""The columns that every owned table has, as our own models show them."""

from typing import Any

from django.db import models
from django.db.models.expressions import Func

from .scope import SETTING

LARGEST_ID = 2**63 - 1
"""The largest key that a row may have."""


class CurrentMerchant(Func):
    """The merchant of the running transaction; the database raises where none is set."""

    template = f"current_setting('{SETTING}')::bigint"
    arity = 0
    output_field = models.BigIntegerField()


class MerchantOwned(models.Model):
    """Base of every model of ours whose rows belong to a merchant.

    The plan in `tenancy.py` gives the table its row security and makes its unique constraints per merchant. There is no
    foreign key in the database: every insert of the whole merchant would lock its one row.
    """

    merchant_id = models.BigIntegerField(db_default=CurrentMerchant(), editable=False)

    class Meta:
        abstract = True


class LowercaseEmailField(models.EmailField):
    """An e-mail address kept and compared in lower case: `ILIKE` uses no index under row security, `=` does."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value.strip().lower() if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The instance holds what is stored from then on: links and letters are made from it."""
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.strip().lower() if isinstance(value, str) else value
