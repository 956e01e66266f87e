from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from .choices import choice_of, remember
from .forms import ChoiceForm


class CookieChoiceView(View):
    """Where a visitor sees what they chose about cookies, and chooses again."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.store.asks_cookie_consent:  # type: ignore[attr-defined]
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get(self, request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, "consent/cookies.html", {"chosen": choice_of(request)})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ChoiceForm(request.POST)
        if not form.is_valid():
            return HttpResponseBadRequest()
        response = HttpResponseRedirect(_way_back(request))
        remember(response, form.chosen())
        return response


def _way_back(request: HttpRequest) -> str:
    """The page that the answer was given on; the start page where it is not one of this store."""
    next_page = request.POST.get("next", "")
    is_own = url_has_allowed_host_and_scheme(next_page, allowed_hosts=None, require_https=request.is_secure())
    return next_page if is_own and next_page.startswith("/") else "/"
