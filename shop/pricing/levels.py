"""Words that both the tables and the arithmetic of prices use."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """For whom a price list is, in the order of precedence. Behind all of them stands the stock record's own price."""

    CONTRACT = 1, _("a company's contract")
    COMPANY = 2, _("a company")
    GROUP = 3, _("a customer group")
    STORE = 4, _("everybody in a store")
    BASE = 5, _("everybody in all stores")


class ListState(models.TextChoices):
    """Where a price list stands at a moment."""

    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    CURRENT = "current", _("current")
    ENDED = "ended", _("ended")


class TierKind(models.TextChoices):
    FIXED = "fixed", _("fixed price")
    PERCENT = "percent", _("per cent off")
    AMOUNT = "amount", _("amount off")


class TierTarget(models.TextChoices):
    PRODUCT = "product", _("product")
    CATEGORY = "category", _("category")
