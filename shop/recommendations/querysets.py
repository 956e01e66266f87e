"""Reads of what was computed."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef
from oscar.core.loading import get_model

from shop.stores.models import Store

if TYPE_CHECKING:
    from shop.accounts.models import User
    from shop.companies.models import Company


class NeighboursQuerySet(models.QuerySet):
    def bought_in(self, store: Store) -> "NeighboursQuerySet":
        """What is bought together, where the store shows that."""
        from .models import NeighbourKind, RecommendationSettings

        hidden = RecommendationSettings.objects.filter(store=OuterRef("store"), shows_bought=False)
        return self.filter(~Exists(hidden), store=store, kind=NeighbourKind.BOUGHT)


class HabitQuerySet(models.QuerySet):
    def of(self, user: "User", *, company: "Company | None") -> "HabitQuerySet":
        """A company's, or else the user's own."""
        return self.filter(company=company) if company else self.filter(company=None, user=user)

    def due(self, today: date) -> "HabitQuerySet":
        return self.current(today).filter(due_on__lte=today)

    def current(self, today: date) -> "HabitQuerySet":
        """Without those that were given up: who waits for another whole interval buys it no more."""
        return self.filter(lapses_on__gt=today)

    def buyable_in(self, store: Store) -> "HabitQuerySet":
        """Of what the store sells today."""
        products = get_model("catalogue", "Product").objects
        return self.filter(store=store, product__in=products.visible().for_store(store).values("pk"))

    def not_reminded(self) -> "HabitQuerySet":
        """Those of which nobody was told since it was ordered last."""
        return self.exclude(reminded_for__gt=F("last_on"))


class PairQuerySet(models.QuerySet):
    def in_orders(self) -> "PairQuerySet":
        """Single products, those of most orders first."""
        return self.filter(low_id=F("high_id")).order_by("-orders", "low_id")
