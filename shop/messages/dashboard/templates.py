"""The templates of a store's messages: read, changed with a preview beside them, tried, and given back."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop.dashboard.stores import shown_reach
from shop.messages import actions
from shop.messages.channels.contract import Channel, Written
from shop.messages.channels.registry import CHANNELS
from shop.messages.kinds import KINDS, MessageKind
from shop.messages.letters import preview_letter, source_of
from shop.messages.models import MessageTemplate
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest
from shop.stores.current import serving
from shop.stores.models import Store

from .forms import TemplateForm

CHANGE = "messaging.change_messagetemplate"


@dataclass(frozen=True)
class Page:
    """Which template a page is about."""

    store: Store
    kind: MessageKind
    channel: Channel
    language: str

    @property
    def known(self) -> dict[str, Any]:
        return {"kind": self.kind.code, "channel": self.channel.code, "language": self.language}


def page_of(request: HttpRequest, store_id: int, kind: str, channel: str, language: str) -> Page:
    """Raises Http404 for what there is not, or not within reach."""
    stores = reach_of(request.user, CHANGE).stores().select_related("site")  # type: ignore[arg-type]
    if kind not in KINDS or channel not in CHANNELS or language not in dict(settings.LANGUAGES):
        raise Http404
    return Page(get_object_or_404(stores, pk=store_id), KINDS[kind], CHANNELS[channel], language)


@require_GET
def template_list(request: StaffRequest) -> HttpResponse:
    """Each store's, in its own language."""
    stores = list(shown_reach(request, CHANGE).stores().select_related("site"))
    own = set(MessageTemplate.objects.values_list("store", "kind", "channel", "language"))
    rows = [
        (
            store,
            [(kind, channel, (store.pk, kind.code, channel.code, store.language) in own) for kind, channel in _all()],
        )
        for store in stores
    ]
    return render(request, "dashboard/message_templates.html", {"rows": rows})


def _all() -> list[tuple[MessageKind, Channel]]:
    return [(kind, channel) for kind in KINDS.values() for channel in CHANNELS.values()]


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, store_id: int, kind: str, channel: str, language: str) -> HttpResponse:
    page = page_of(request, store_id, kind, channel, language)
    with serving(page.store), translation.override(language):
        source = source_of(page.store, page.kind, page.channel, language=language)
    form = TemplateForm(
        request.POST or {"subject": source.subject, "body": source.body}, kind=page.kind, store=page.store
    )
    wish = request.POST.get("wish")
    if form.is_valid() and wish == "save":
        actions.save_template(page.store, page.kind, page.channel, form.source, language=language, by=request.user)
        messages.success(request, _("Saved. This is what is written from now on."))
        return redirect(request.path)
    if form.is_valid() and wish == "try":
        said = written(page, form)
        actions.send_trial(page.store, page.kind, page.channel, said, to=request.user, language=language)
        messages.success(request, _("It is on its way to %(address)s.") % {"address": request.user.email})
    preview = written(page, form) if form.is_valid() else None
    return render(request, "dashboard/message_template.html", _context(page, form, preview, is_own=source.is_own))


def _context(page: Page, form: TemplateForm, preview: Written | None, *, is_own: bool) -> dict[str, Any]:
    said = {"page": page, "form": form, "preview": preview, "is_own": is_own, "languages": settings.LANGUAGES}
    return said | {"variables": page.kind.variables}


@require_POST
def preview(request: StaffRequest, store_id: int, kind: str, channel: str, language: str) -> HttpResponse:
    """What the text that is being written comes to, or why it comes to nothing; for the page's script."""
    page = page_of(request, store_id, kind, channel, language)
    form = TemplateForm(request.POST, kind=page.kind, store=page.store)
    said = written(page, form) if form.is_valid() else None
    return render(request, "dashboard/message_preview.html", {"form": form, "preview": said})


@require_POST
def reset(request: StaffRequest, store_id: int, kind: str, channel: str, language: str) -> HttpResponse:
    page = page_of(request, store_id, kind, channel, language)
    actions.reset_template(page.store, page.kind, page.channel, language=language, by=request.user)
    messages.success(request, _("This store writes what is shipped again."))
    return redirect("dashboard:message-template", store_id, kind, channel, language)


def written(page: Page, form: TemplateForm) -> Written:
    """As its reader would get it: of the order that was named, or of a sample."""
    with serving(page.store), translation.override(page.language):
        letter = preview_letter(page.store, form.source, page.kind, order=form.order)
        return page.channel.write(letter, page.store)
