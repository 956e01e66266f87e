"""Django's handler, which finds the view of an address once."""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch, set_urlconf

from shop.stores.routes import view_at


class Handler(WSGIHandler):
    """Of what a step of the checkout costs outside its view, looking for that was a tenth."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        urlconf = getattr(request, "urlconf", settings.ROOT_URLCONF)
        set_urlconf(urlconf)
        request.resolver_match = view_at(request.path_info, urlconf)
        return request.resolver_match
