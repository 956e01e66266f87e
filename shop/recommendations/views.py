"""What somebody buys regularly, among the pages of their account."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.companies.acting import company_of

from .models import Habit

MOST = 200


@login_required
@require_safe
def reorder(request: HttpRequest) -> HttpResponse:
    """Their own, or of the company that they buy for now; what is due comes first."""
    today = timezone.localdate()
    habits = Habit.objects.of(request.user, company=company_of(request)).current(today)  # type: ignore[arg-type]
    habits = habits.buyable_in(request.store)  # type: ignore[attr-defined]
    shown = habits.select_related("product__parent").order_by("due_on", "pk")[:MOST]
    said = {"habits": list(shown), "today": today, "active_tab": "reorder", "page_title": _("Bought regularly")}
    return TemplateResponse(request, "recommendations/reorder.html", said)
