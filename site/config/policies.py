"""Which policy an answer carries: the shoppers' strict one, or in the CMS the editors'."""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PolicyMiddleware(CSPMiddleware):
    """A policy that the answer has already, as the dashboard's and the platform's pages have, is left as it is."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith("/cms/"):
            response._csp_config = settings.EDITORS_POLICY  # type: ignore[attr-defined]
            _let_us_frame(response)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return super().process_response(request, response)


def _let_us_frame(response: HttpResponseBase) -> None:
    """The editor shows a preview in a frame: a shoppers' page, which came with their policy from a request within."""
    if HEADER in response:
        response[HEADER] = response[HEADER].replace("frame-ancestors 'none'", "frame-ancestors 'self'")
