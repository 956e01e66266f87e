"""Where staff say as whom they want to see a store."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest
from shop.viewing.actions import SEE_DRAFTS, VIEW_AS, ask_viewing, end_viewings_of
from shop.viewing.errors import ViewingRefused
from shop.viewing.models import Viewing

from .forms import ViewingForm


@require_http_methods(["GET", "POST"])
def view_as(request: StaffRequest) -> HttpResponse:
    if "end" in request.POST:
        end_viewings_of(request.user)
        messages.success(request, _("You see the store as yourself again."))
        return redirect("dashboard:view-as")
    asked = {"store": request.store.pk, "company": request.GET.get("company", "")}
    form = ViewingForm(
        request.POST if request.method == "POST" else None,
        initial=asked,
        reach=reach_of(request.user, VIEW_AS),
        may_see_drafts=bool(reach_of(request.user, SEE_DRAFTS).stores()),
    )
    if form.is_valid():
        try:
            return _door(request, form)
        except ViewingRefused as refusal:
            form.add_error(None, str(refusal))
    going_on = Viewing.objects.open().with_all_asked().filter(by=request.user).first()
    context = {"form": form, "going_on": going_on if going_on and going_on.is_going_on else None}
    return render(request, "viewing/dashboard/view_as.html", context)


def _door(request: StaffRequest, form: ViewingForm) -> HttpResponse:
    """Into this store at once, into another by a link: a form must not lead to another host. Raises
    `ViewingRefused`."""
    said = form.cleaned_data
    token = ask_viewing(
        said["store"],
        by=request.user,
        company=said["company"],
        moment=said["moment"],
        shows_drafts=said.get("shows_drafts", False),
    )
    path = reverse("viewing-begin", args=[token])
    if said["store"] == request.store:
        return redirect(path)
    context = {"wanted": said["store"], "door": said["store"].origin + path}
    return render(request, "viewing/dashboard/door.html", context)
