"""Doors of Wagtail that stay shut, and its sign-in, which leads to ours. Mounted before Wagtail's own addresses."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme


def sign_in(request: HttpRequest) -> HttpResponse:
    """To the one sign-in, and from there on to where the visitor wanted to go.

    Wagtail sends here also whoever is signed in and may not open what they asked for: the sign-in would send them
    straight back. Raises PermissionDenied.
    """
    if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    wanted = request.GET.get("next", "")
    is_own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect_to_login(wanted if is_own else reverse("wagtailadmin_home"), login_url=settings.LOGIN_URL)


def shut(request: HttpRequest, name: str = "") -> HttpResponse:
    raise Http404


SHUT = (
    # Users and groups are `shop.staff`'s: roles are given by one action, with a trail, and groups follow them.
    "cms/users/",
    "cms/groups/",
    "cms/bulk/accounts/",
    "cms/bulk/auth/",
    "cms/password_reset/",
    # Nothing of the editor asks these, and they show what lies beyond an editor's stores.
    "cms/api/main/documents/",
    "cms/api/main/images/",
    "cms/reports/page-types-usage/",
)

urlpatterns = [
    path("cms/login/", sign_in, name="editors_sign_in"),
    path("_util/login/", sign_in, name="readers_sign_in"),
    # Sites are made with their stores; Wagtail's lists of pages link superusers to a page for them all the same.
    path("cms/sites/", include(([path("", shut, name="index")], "wagtailsites"))),
    *(path(prefix, shut) for prefix in SHUT),
    *(path(f"{prefix}<path:name>", shut) for prefix in SHUT),
]
