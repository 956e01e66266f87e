"""What readers decide: in their account, or by the link in a message."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from .actions import unsubscribe
from .forms import PreferencesForm
from .kinds import KINDS
from .links import wish_in
from .occasions import Recipient


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    recipient = Recipient(request.user.email, request.user)  # type: ignore[union-attr, arg-type]
    form = PreferencesForm(request.POST if request.method == "POST" else None, recipient=recipient)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("messages:preferences")
    context = {"form": form, "active_tab": "preferences", "page_title": _("Email preferences")}
    return render(request, "messages/preferences.html", context)


@csrf_exempt  # mail programs send it by themselves (RFC 8058); the secret in the address is what counts
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks first when it is looked at: programs that look for viruses follow every link of a mail."""
    wish = wish_in(token)
    if wish is None or wish.kind not in KINDS:
        raise Http404
    if request.method == "POST":
        unsubscribe(wish)
    context = {"kind": KINDS[wish.kind], "is_done": request.method == "POST"}
    return render(request, "messages/unsubscribe.html", context)
