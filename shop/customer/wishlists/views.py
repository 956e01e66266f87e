from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from oscar.apps.customer.wishlists import views as oscars

from shop.catalogue.models import Product


class WishListCreateView(oscars.WishListCreateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Oscar 4.2.1 sends who asks for a product that is gone to an address by a name that there isn't."""
        if "product_pk" in kwargs:
            get_object_or_404(Product, pk=kwargs["product_pk"])
        return super().dispatch(request, *args, **kwargs)


class WishListDetailView(oscars.WishListDetailView):
    def form_invalid(self, form: BaseFormSet) -> HttpResponse:
        """A line that was taken off in another tab has no name any more to be shown with its error."""
        if all(line.instance.pk for line in form):
            return super().form_invalid(form)
        messages.warning(self.request, _("The list has changed meanwhile. Please look at it again."))
        return redirect("customer:wishlists-detail", key=self.object.key)
