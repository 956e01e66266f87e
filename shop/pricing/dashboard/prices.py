"""The prices of a list: looked through, changed many at once, previewed, and published."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shop.dashboard.guards import writes_need
from shop.pricing.actions import check_changes, publish_changes
from shop.pricing.apps import CHANGES
from shop.pricing.changes import Change, SetTier, key_of
from shop.pricing.errors import ChangedMeanwhile, ChangesRefused
from shop.pricing.models import PriceList, PriceTier
from shop.staff.requests import StaffRequest

from .forms import WordsForm
from .frame import number_seen, price_list_of
from .goods import Page, named, page_of_targets
from .grid import MOST_SENT, RungForm, apply_refusals, grid_of, sent_rungs
from .history import page_of_changes
from .names import MomentField
from .wording import Line

MOST_TOLD = 10
"""Of what others changed meanwhile: revisions, and prices of each."""

Move = tuple[RungForm, Change]


class PublishForm(forms.Form):
    takes_effect_at = MomentField(
        label=gettext_lazy("Count from"), required=False, help_text=gettext_lazy("UTC. Empty: now")
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=200)

    def clean_takes_effect_at(self) -> object:
        moment = self.cleaned_data["takes_effect_at"]
        if moment and moment <= timezone.now():
            raise forms.ValidationError(_("This moment is past: leave it empty to publish now."))
        return moment


@require_http_methods(["GET", "POST"])
@writes_need(CHANGES)
def prices(request: StaffRequest, pk: int) -> HttpResponse:
    price_list, search = price_list_of(pk), WordsForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    page = page_of_targets(price_list, words, request.GET.get("after", ""))
    if request.method != "POST":
        return _grid(request, price_list, page)
    try:
        sent = sent_rungs(price_list, request.POST)
    except ValueError:
        messages.error(request, _("No more than %(most)d lines at once: import a file instead.") % {"most": MOST_SENT})
        return redirect(request.get_full_path())
    if not sent:
        messages.info(request, _("Nothing was changed."))
        return redirect(request.get_full_path())
    return _judged(request, price_list, page, sent)


def _judged(request: StaffRequest, price_list: PriceList, page: Page, sent: list[RungForm]) -> HttpResponse:
    """The preview of what was sent, the revision that it has become, or the grid with all that is wrong."""
    publishing, step = PublishForm(request.POST), request.POST.get("step")
    if step == "edit":
        return _grid(request, price_list, page, sent, publishing)
    if number_seen(request) != price_list.last_revision:
        return _told(request, price_list.pk, page, sent, publishing)
    if not all([publishing.is_valid(), *(form.is_valid() for form in sent)]):
        return _grid(request, price_list, page, sent, publishing)
    moves = [(form, change) for form in sent for change in form.changes()]
    changes, moment = [change for _form, change in moves], publishing.cleaned_data["takes_effect_at"]
    try:
        if step != "publish":
            replaced = check_changes(price_list, changes, takes_effect_at=moment or timezone.now())
            return _preview(request, price_list, sent, publishing, _lines(price_list, changes, replaced))
        revision = publish_changes(
            price_list, changes, by=request.user, seen=number_seen(request), **publishing.cleaned_data
        )
    except ChangedMeanwhile:
        return _told(request, price_list.pk, page, sent, publishing)
    except ChangesRefused as refusal:
        apply_refusals(moves, refusal.problems)
        return _grid(request, price_list, page, sent, publishing)
    done = _("Revision %(number)d is scheduled.") if revision.is_scheduled else _("Revision %(number)d is published.")
    messages.success(request, done % {"number": revision.number})
    return redirect(request.get_full_path())


def _grid(
    request: StaffRequest,
    price_list: PriceList,
    page: Page,
    sent: list[RungForm] | None = None,
    publishing: PublishForm | None = None,
    **context: object,
) -> HttpResponse:
    search = WordsForm(request.GET)
    return render(
        request,
        "dashboard/price_list_prices.html",
        {
            "price_list": price_list,
            "section": "prices",
            "search": search,
            "words": search.cleaned_data["q"] if search.is_valid() else "",
            "is_first": not request.GET.get("after"),
            "grid": grid_of(price_list, page, sent or []),
            "publishing": publishing or PublishForm(),
            "errors": sum(bool(form.errors) for form in sent or []),
            "may_change": request.user.has_perm(CHANGES),
            **context,
        },
    )


def _told(request: StaffRequest, pk: int, page: Page, sent: list[RungForm], publishing: PublishForm) -> HttpResponse:
    """The grid as it is now, with what was sent still in it, and what others have changed since it was opened."""
    price_list, seen = price_list_of(pk), number_seen(request)
    revisions = price_list.revisions.filter(number__gt=seen).select_related("by", "price_list")[:MOST_TOLD]
    meanwhile = [(revision, page_of_changes(revision, size=MOST_TOLD)) for revision in revisions]
    return _grid(request, price_list, page, sent, publishing, meanwhile=meanwhile)


def _preview(
    request: StaffRequest, price_list: PriceList, sent: list[RungForm], publishing: PublishForm, lines: list[Line]
) -> HttpResponse:
    """Before and after; the form carries what was sent on."""
    fields = [field for form in sent for field in form if field.value() not in (None, "", False)]
    context = {
        "price_list": price_list,
        "section": "prices",
        "lines": lines,
        "carried": [(field.html_name, field.value() or "") for field in (*fields, *publishing)],
        "takes_effect_at": publishing.cleaned_data["takes_effect_at"],
        "note": publishing.cleaned_data["note"],
    }
    return render(request, "dashboard/price_list_preview.html", context)


def _lines(price_list: PriceList, changes: list[Change], replaced: list[PriceTier]) -> list[Line]:
    """What becomes of each price, by product and quantity."""
    before = {key_of(row): row for row in replaced}
    called = named({change.target for change in changes}, price_list.currency)
    lines = []
    for change in changes:
        its = called[change.target]
        own = None if price_list.includes_tax else its.own_price
        after = change if isinstance(change, SetTier) else None
        lines.append(Line(its, change.min_quantity, before.get(key_of(change)), after, price_list.currency, own))
    return sorted(lines, key=lambda line: (line.named.title, line.named.key, line.min_quantity))
