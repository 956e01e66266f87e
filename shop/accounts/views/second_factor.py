"""Switching the second factor on and off."""

from io import BytesIO

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import View
from django_otp import login as remember_device

from shop.accounts import letters, second_factor
from shop.accounts.errors import CodeRefused, TooManyAttempts
from shop.accounts.forms import CodeForm, ConfirmIdentityForm
from shop.accounts.sign_in import confirm_identity
from shop.accounts.throttle import CODE, count_attempt
from shop.stores.middleware import holds_no_transaction
from shop.stores.scope import own_scope

from . import frame
from .frame import Page


class SecondFactorView(Page, View):
    """Off: the way to switch it on. On: recovery codes left, and the way to switch it off."""

    template_name = "accounts/second_factor.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        with own_scope():
            return self.page(
                is_on=second_factor.device_of(request.user) is not None,
                codes_left=request.user.recovery_codes.count(),
            )


class SwitchOnView(Page, View):
    """A picture to scan, and the first code back as proof. A new device replaces the one there was, with password."""

    template_name = "accounts/second_factor_on.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.offer(CodeForm(), ConfirmIdentityForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form, identity = CodeForm(request.POST), ConfirmIdentityForm(request.POST)
        if not (form.is_valid() & identity.is_valid()):
            return self.offer(form, identity)
        try:
            if not confirm_identity(request.user, identity.cleaned_data["password"]):
                identity.add_error("password", _("That is not your password."))
                return self.offer(form, identity)
            count_attempt(CODE, str(request.user.pk))
            with own_scope():
                codes = second_factor.switch_on(request.user, form.cleaned_data["code"])
                keep_this_session(request)
                letter = letters.second_factor_changed(is_on=True)
                letters.send_letter(letter, to=request.user.email, origin=frame.origin(request))
        except TooManyAttempts as refusal:
            form.add_error(None, frame.please_wait(refusal.wait))
            return self.offer(form, identity, status=429)
        except CodeRefused:
            form.add_error("code", _("That code is not right. Does your telephone show the right time?"))
            return self.offer(form, identity)
        self.template_name = "accounts/recovery_codes.html"
        return self.page(codes=codes)

    def offer(self, form: CodeForm, identity: ConfirmIdentityForm, *, status: int = 200) -> HttpResponse:
        with own_scope():
            secret = second_factor.secret_of(second_factor.begin(self.request.user))
        return self.page(form=form, identity=identity, secret=secret, status=status)


class SwitchOffView(Page, View):
    template_name = "accounts/second_factor_off.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(form=ConfirmIdentityForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ConfirmIdentityForm(request.POST)
        if not form.is_valid():
            return self.page(form=form)
        try:
            if not confirm_identity(request.user, form.cleaned_data["password"]):
                form.add_error("password", _("That is not your password."))
                return self.page(form=form)
        except TooManyAttempts as refusal:
            form.add_error(None, frame.please_wait(refusal.wait))
            return self.page(form=form, status=429, wait=refusal.wait)
        with own_scope():
            second_factor.switch_off(request.user, by=request.user)
            keep_this_session(request)
            letter = letters.second_factor_changed(is_on=False)
            letters.send_letter(letter, to=request.user.email, origin=frame.origin(request))
        messages.success(request, _("Signing in no longer needs a code."))
        return redirect("accounts:second-factor")


@login_required
@require_safe
def qr_code(request: HttpRequest) -> HttpResponse:
    """The device that is being set up, as a picture to scan (otpauth:, the Key Uri Format)."""
    import qrcode.image.svg  # the only page that draws, and with it Pillow's letters are loaded

    device = second_factor.pending_device(request.user)
    if device is None:
        raise Http404
    buffer = BytesIO()
    address = second_factor.address_of(device, issuer=frame.shop_name(request))
    qrcode.make(address, image_factory=qrcode.image.svg.SvgPathFillImage).save(buffer)
    response = HttpResponse(buffer.getvalue(), content_type="image/svg+xml")
    add_never_cache_headers(response)
    return response


def keep_this_session(request: HttpRequest) -> None:
    """Under a new key; every other session of the account has just ended."""
    update_session_auth_hash(request, request.user)
    device = second_factor.device_of(request.user)
    if device is not None:
        remember_device(request, device)


second_factor_page = holds_no_transaction(login_required(SecondFactorView.as_view()))
switch_on = holds_no_transaction(login_required(SwitchOnView.as_view()))
switch_off = holds_no_transaction(login_required(SwitchOffView.as_view()))
