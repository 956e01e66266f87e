"""The merchant's keys, as owners see and change them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop.api import actions
from shop.api.errors import KeyRefused
from shop.api.models import ApiKey

from .forms import KeyForm


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/api_keys.html", {"keys": ApiKey.objects.select_related("user", "company")})


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """The answer shows the key: there is no other page that could."""
    form = KeyForm(request.POST or None)
    if form.is_valid():
        try:
            key, text = actions.create_key(
                form.customer,
                company=form.company,
                name=form.cleaned_data["name"],
                access=form.cleaned_data["access"],
                expires_at=form.expires_at,
                by=request.user,
            )
        except KeyRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            return render(request, "dashboard/api_key_made.html", {"key": key, "text": text})
    return render(request, "dashboard/form.html", {"form": form, "title": _("New API key"), "back": ".."})


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    actions.revoke_key(get_object_or_404(ApiKey, pk=pk), by=request.user)
    return redirect("dashboard:api-key-list")
