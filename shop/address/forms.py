"""Forms for addresses."""

from typing import Any

from django.db.models import QuerySet
from oscar.apps.address import forms as oscars

from shop.stores.current import current_store

from .countries import likeliest
from .fields import CountryField
from .models import Country, UserAddress


def served_countries() -> QuerySet[Country]:
    """Where the store that is being served delivers to."""
    store = current_store()
    return store.shipping_countries.all() if store else Country.objects.none()


def usual_country() -> str | None:
    """The one that is chosen until the buyer chooses another: its code."""
    store = current_store()
    if store is None:
        return None
    codes = served_countries().values_list("pk", flat=True)
    return likeliest(list(codes), language=store.language, currency=store.currency)


class UserAddressForm(oscars.UserAddressForm):
    """An address of the buyer's book: in any country, since the same book serves all stores of the merchant."""

    country = CountryField(queryset=Country.objects.all())

    class Meta(oscars.UserAddressForm.Meta):
        model = UserAddress

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        if not self.initial.get("country"):
            self.initial["country"] = usual_country()
