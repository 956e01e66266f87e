"""Statements as staff send them: read, shown with what fits, and confirmed."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import ListView

from shop.staff.requests import StaffRequest
from shop.statements import actions
from shop.statements.errors import StatementRefused
from shop.statements.matching import findings
from shop.statements.models import BankStatement
from shop.statements.readers.csv_table import Layout, guessed, read_sheet

from .forms import ColumnsForm, StatementForm, said_before

SAMPLE = 5
MOST_SHOWN = 500


class StatementListView(ListView):
    """What was sent, the newest first; and the form that sends the next."""

    request: StaffRequest
    template_name = "dashboard/bank_statements.html"
    context_object_name = "statements"
    paginate_by = 30

    def get_queryset(self) -> QuerySet[BankStatement]:
        statements = BankStatement.objects.defer("content").select_related("imported_by")
        return statements.annotate(count=Count("entries")).order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"form": StatementForm()} | kwargs))

    def post(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = StatementForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                return _told(request, actions.receive(file.read(), name=file.name, by=request.user))
            except StatementRefused as refusal:
                form.add_error("file", str(refusal))
        self.object_list = self.get_queryset()
        return self.render_to_response(self.get_context_data(form=form))


@require_http_methods(["GET", "POST"])
def statement(request: StaffRequest, pk: int) -> HttpResponse:
    """The entries with what they fit; of a CSV file whose columns nobody named, the form that asks for them."""
    shown = get_object_or_404(BankStatement, pk=pk)
    if not shown.is_read:
        return _columns(request, shown)
    entries = list(shown.entries.with_matches()[:MOST_SHOWN])
    found = findings(entries)
    rows = [(entry, found[entry.pk]) for entry in entries]
    exact = sum(entry.state == "open" and finding.is_exact for entry, finding in rows)
    return render(request, "dashboard/bank_statement.html", {"statement": shown, "rows": rows, "exact": exact})


@require_POST
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Take what fits exactly for its orders."""
    confirmed = get_object_or_404(BankStatement, pk=pk)
    count = len(actions.confirm_exact(confirmed.entries.to_look_at(), by=request.user))
    text = ngettext("%(count)d payment noted.", "%(count)d payments noted.", count)
    messages.success(request, text % {"count": count})
    return redirect("dashboard:bank-statement", pk)


@require_POST
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        actions.discard(get_object_or_404(BankStatement, pk=pk), by=request.user)
    except StatementRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:bank-statements")


def _columns(request: StaffRequest, asked: BankStatement) -> HttpResponse:
    sheet = read_sheet(bytes(asked.content or b""))
    before = actions.layout_known(asked)
    layout = Layout(**before.layout) if before and before.layout else guessed(sheet)
    initial = said_before(layout, account=before.account if before else "")
    form = ColumnsForm(request.POST if request.method == "POST" else None, sheet=sheet, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            read = actions.read_columns(asked, form.layout, account=said["account"], by=request.user)
            return _told(request, read)
        except StatementRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"statement": asked, "form": form, "header": sheet.header, "sample": sheet.rows[:SAMPLE]}
    return render(request, "dashboard/bank_statement_columns.html", context)


def _told(request: StaffRequest, read: BankStatement) -> HttpResponse:
    """To the statement, or back to all where it brought nothing new."""
    if read.pk is None:
        messages.info(
            request, _("Everything in %(file)s was known already: nothing was changed.") % {"file": read.name}
        )
        return redirect("dashboard:bank-statements")
    if read.known:
        text = ngettext("%(count)d entry was known already.", "%(count)d entries were known already.", read.known)
        messages.info(request, text % {"count": read.known})
    return redirect("dashboard:bank-statement", read.pk)
