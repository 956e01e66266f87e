"""The rows of a result that staff ask for."""

from typing import Any

from django.db.models import F, Q, QuerySet

from shop.rehearsal.models import Kind, Rehearsal, Result

from .forms import LINE, ResultForm


def rows_asked(rehearsal: Rehearsal, form: ResultForm) -> QuerySet[Any]:
    """Results of companies or products, or lines, narrowed and sorted as the form says."""
    said: dict[str, str] = form.cleaned_data if form.is_valid() else {}
    rows = rows_of(rehearsal, said.get("by") or Kind.COMPANY).with_difference()
    if said.get("q"):
        rows = rows.matching(said["q"])
    match said.get("only"), rows.model is Result:
        case "changed", True:
            rows = rows.filter(changed__gt=0)
        case "changed", False:
            rows = rows.filter(~Q(net_after=F("net_before")), refusal="")
        case "refused", True:
            rows = rows.filter(refused__gt=0)
        case "refused", False:
            rows = rows.exclude(refusal="")
    return rows.order_by(said.get("sort") or "change", "pk")


def rows_of(rehearsal: Rehearsal, by: str) -> Any:
    if by == LINE:
        return rehearsal.lines.with_all_shown()  # type: ignore[attr-defined]
    return rehearsal.results.filter(kind=by)


def extremes_of(rehearsal: Rehearsal, by: str) -> dict[str, list[Result]]:
    """The few who would pay least and most beside what they paid."""
    rows = rehearsal.results.filter(kind=by).with_difference()  # type: ignore[attr-defined]
    return {
        "winners": list(rows.filter(change__lt=0).order_by("change", "pk")[:5]),
        "losers": list(rows.filter(change__gt=0).order_by("-change", "pk")[:5]),
    }
