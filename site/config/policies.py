"""Which policy an answer carries: the shoppers' strict one, or in the CMS the editors'."""

from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

WISHES = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")
"""What django-csp finds on an answer that wants another policy than the settings'."""


class PolicyMiddleware(CSPMiddleware):
    """A policy that the answer has already, as the dashboard's and the platform's pages have, is left as it is."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith("/cms/"):
            response._csp_config = settings.EDITORS_POLICY  # type: ignore[attr-defined]
            _let_us_frame(response)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if settings.DEBUG or hasattr(request, "_csp_nonce") or any(hasattr(response, wish) for wish in WISHES):
            return super().process_response(request, response)
        response.setdefault(HEADER, usual_policy())
        return response


@cache
def usual_policy() -> str:
    """Of nearly all answers: made once."""
    return build_policy()


def _let_us_frame(response: HttpResponseBase) -> None:
    """The editor shows a preview in a frame: a shoppers' page, which came with their policy from a request within."""
    if HEADER in response:
        response[HEADER] = response[HEADER].replace("frame-ancestors 'none'", "frame-ancestors 'self'")
