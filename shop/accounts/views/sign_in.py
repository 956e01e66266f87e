"""The one sign-in: of shoppers, editors, staff, and on the platform's host of operators."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from django_otp import login as remember_device
from oscar.apps.customer.signals import user_logged_in

from shop.accounts.errors import CodeRefused, TooManyAttempts
from shop.accounts.forms import CodeForm, RegistrationForm, SignInForm
from shop.accounts.known_browsers import known_browser, remember_browser
from shop.accounts.models import User
from shop.accounts.second_factor import device_of
from shop.accounts.sign_in import check_code, check_password
from shop.audit.actions import record
from shop.stores.middleware import holds_no_transaction
from shop.stores.scope import own_scope

from .frame import Page, not_right, please_wait, safe_path
from .registration import begin

HALFWAY = "accounts.halfway"
"""In the session between password and code: who, since when, and where to afterwards. It authenticates nobody."""
HALFWAY_S = 600


class SignInView(Page, View):
    """Password and address, and beside it the door to a new account."""

    template_name = "oscar/customer/login_registration.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(safe_path(request, request.GET.get("next")) or home_of(request.user))
        return self.forms()

    def post(self, request: HttpRequest) -> HttpResponse:
        if "registration_submit" in request.POST and request.store:  # type: ignore[attr-defined]
            return begin(self, RegistrationForm(request.POST, prefix="registration"), name="registration_form")
        if "login_submit" not in request.POST:
            return HttpResponseBadRequest()
        form = SignInForm(request.POST, prefix="login")
        if not form.is_valid():
            return self.forms(login_form=form)
        email = User.objects.normalize_email(form.cleaned_data["username"])
        try:
            user = check_password(email, form.cleaned_data["password"], browser=known_browser(request, email))
        except TooManyAttempts as refusal:
            form.add_error(None, please_wait(refusal.wait))
            return self.forms(login_form=form, status=429, wait=refusal.wait)
        if user is None:
            form.add_error(None, not_right())
            return self.forms(login_form=form)
        with own_scope():
            return welcome(request, user, next_path=safe_path(request, form.cleaned_data["redirect_url"]))

    def forms(self, **context: Any) -> HttpResponse:
        initial = {"redirect_url": safe_path(self.request, self.request.GET.get("next"))}
        return self.page(
            **{
                "login_form": SignInForm(prefix="login", initial=initial),
                "registration_form": RegistrationForm(prefix="registration", initial=initial),
                **context,
            }
        )


class CodeView(Page, View):
    """The second factor's code, after the password. Before it nobody is signed in."""

    template_name = "accounts/code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with own_scope():
            self.user = halfway(request)
        if self.user is None:
            return redirect("accounts:sign-in")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(form=CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        assert self.user is not None
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.page(form=form)
        try:
            check_code(self.user, form.cleaned_data["code"])
        except TooManyAttempts as refusal:
            form.add_error("code", please_wait(refusal.wait))
            return self.page(form=form, status=429, wait=refusal.wait)
        except CodeRefused:
            with own_scope():
                record("account.code_refused", by=None, actor_label=self.user.email, target=self.user)
            form.add_error("code", _("That code is not right."))
            return self.page(form=form)
        with own_scope():
            return enter(request, self.user, next_path=request.session[HALFWAY]["next"])


class SignOutView(Page, View):
    """By a button; a link, which others could put anywhere, only asks."""

    template_name = "accounts/sign_out.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page() if request.user.is_authenticated else redirect(settings.OSCAR_HOMEPAGE)

    def post(self, request: HttpRequest) -> HttpResponse:
        with own_scope():
            logout(request)
        response = redirect(settings.OSCAR_HOMEPAGE)
        for cookie in settings.OSCAR_COOKIES_DELETE_ON_LOGOUT:
            response.delete_cookie(cookie)
        return response


def welcome(request: HttpRequest, user: User, *, next_path: str) -> HttpResponse:
    """Sign in whoever proved the password, or ask for the code first."""
    if device_of(user) is None:
        return enter(request, user, next_path=next_path)
    request.session.cycle_key()
    request.session[HALFWAY] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "since": timezone.now().timestamp(),
        "next": next_path,
    }
    return redirect("accounts:code")


def enter(request: HttpRequest, user: User, *, next_path: str) -> HttpResponse:
    """Sign in: a session under a new key, a browser that will be known, an entry in the trail for who may do much."""
    before, device = request.session.session_key, device_of(user)
    request.session.pop(HALFWAY, None)
    login(request, user)
    if device is not None:
        remember_device(request, device)
    user_logged_in.send_robust(sender=SignInView, request=request, user=user, old_session_key=before)
    if is_privileged(user):
        record("account.signed_in", by=user, target=user, second_factor=device is not None)
    response = HttpResponseRedirect(next_path or home_of(user))
    remember_browser(response, request, user.email)
    return response


def halfway(request: HttpRequest) -> User | None:
    """Who proved the password in this session a short while ago, if it is their password still."""
    state = request.session.get(HALFWAY)
    if not state or timezone.now().timestamp() - state["since"] > HALFWAY_S:
        return None
    user = User.objects.filter(pk=state["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == state["hash"] else None


def is_privileged(user: User) -> bool:
    """Whether this account can do more than a shopper's."""
    return user.groups.exists() or user.is_superuser


def home_of(user: User) -> str:
    """Where somebody goes who did not say where."""
    if user.has_perm("staff.use_dashboard") or user.has_perm("partner.dashboard_access"):
        return reverse("dashboard:index")
    if user.has_perm("wagtailadmin.access_admin"):
        return reverse("wagtailadmin_home")
    return settings.LOGIN_REDIRECT_URL


sign_in = holds_no_transaction(SignInView.as_view())
code = holds_no_transaction(CodeView.as_view())
sign_out = holds_no_transaction(SignOutView.as_view())
