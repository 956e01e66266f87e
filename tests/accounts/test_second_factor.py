import re
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from shop.accounts import second_factor
from shop.accounts.errors import CodeRefused
from shop.accounts.models import RecoveryCode, User
from shop.accounts.views.sign_in import HALFWAY
from shop.audit.models import AuditEntry
from shop.stores.scope import merchant_scope

from .conftest import PASSWORD
from .test_sign_in import is_signed_in, sign_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def device(ada) -> TOTPDevice:
    """Ada's authenticator."""
    return TOTPDevice.objects.create(user=ada, name="authenticator", confirmed=True)


def code_of(device: TOTPDevice, *, steps: int = 0) -> str:
    return f"{totp(device.bin_key, t0=-30 * steps):06d}"


def test_a_picture_a_code_and_the_password_switch_it_on(browser, ada, django_capture_on_commit_callbacks):
    sign_in(browser)
    other = Client(headers={"host": "aurora.example"})
    sign_in(other)
    key_before = browser.session.session_key
    page = words(browser.get("/accounts/second-factor/on/"))
    device = second_factor.pending_device(ada)
    assert second_factor.secret_of(device) in page

    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post("/accounts/second-factor/on/", {"code": code_of(device), "password": PASSWORD})

    codes = re.findall(r"<code>([a-z0-9-]{19})</code>", response.content.decode())
    assert len(set(codes)) == 10
    assert second_factor.device_of(ada) == device
    assert browser.session.session_key != key_before
    assert browser.get("/accounts/second-factor/").status_code == 200
    assert "You have 10 recovery codes left" in words(browser.get("/accounts/second-factor/"))
    assert other.get("/accounts/second-factor/").status_code == 302
    assert [letter.subject for letter in mail.outbox] == ["Signing in now needs a code as well"]
    assert AuditEntry.objects.filter(action="account.second_factor_switched_on").count() == 1
    assert codes[0] not in words(browser.get("/accounts/second-factor/"))


def test_the_picture_is_the_key_and_nobody_keeps_it(browser, ada):
    sign_in(browser)
    assert browser.get("/accounts/second-factor/qr.svg").status_code == 404
    browser.get("/accounts/second-factor/on/")

    response = browser.get("/accounts/second-factor/qr.svg")

    assert response["Content-Type"] == "image/svg+xml"
    assert "no-store" in response["Cache-Control"]
    assert b"<svg" in response.content
    address = urlsplit(second_factor.address_of(second_factor.pending_device(ada), issuer="Aurora: shop"))
    assert (address.scheme, address.netloc, address.path) == (
        "otpauth",
        "totp",
        "/Aurora%20shop%3Aada%40people.example",
    )
    assert parse_qs(address.query)["issuer"] == ["Aurora shop"]


@pytest.mark.parametrize(("code", "password"), [("000000", PASSWORD), (None, "wrong"), ("", PASSWORD), (None, "")])
def test_without_the_right_code_and_password_it_stays_off(browser, ada, code, password):
    sign_in(browser)
    browser.get("/accounts/second-factor/on/")
    right = code_of(second_factor.pending_device(ada))

    browser.post("/accounts/second-factor/on/", {"code": right if code is None else code, "password": password})

    assert second_factor.device_of(ada) is None
    assert not RecoveryCode.objects.exists()


def test_the_password_alone_signs_nobody_in(browser, ada, device):
    response = sign_in(browser, next_path="/basket/")

    assert response["Location"] == "/accounts/login/code/"
    assert not is_signed_in(browser)
    assert browser.get("/accounts/profile/").status_code == 302
    assert browser.get("/accounts/login/code/").status_code == 200

    before = browser.session.session_key
    response = browser.post("/accounts/login/code/", {"code": code_of(device)})
    assert response["Location"] == "/basket/"
    assert browser.session[SESSION_KEY] == str(ada.pk)
    assert browser.session.session_key != before
    assert HALFWAY not in browser.session


def test_a_code_opens_once(browser, ada, device):
    code = code_of(device)
    sign_in(browser)
    browser.post("/accounts/login/code/", {"code": code})
    browser.post("/accounts/logout/")

    sign_in(browser)
    response = browser.post("/accounts/login/code/", {"code": code})

    assert "That code is not right." in words(response)
    assert not is_signed_in(browser)


def test_a_wrong_code_is_refused_noted_and_slowed_down(browser, ada, device):
    sign_in(browser)
    for _ in range(5):
        assert browser.post("/accounts/login/code/", {"code": "000000"}).status_code == 200

    response = browser.post("/accounts/login/code/", {"code": code_of(device)})

    assert (response.status_code, response["Retry-After"]) == (429, "10")
    assert not is_signed_in(browser)
    assert AuditEntry.objects.filter(action="account.code_refused", actor_label=ada.email).count() == 5


def test_a_recovery_code_opens_once_however_it_is_typed(browser, ada, device):
    code = second_factor.renew_recovery_codes(ada)[3]
    sign_in(browser)

    assert browser.post("/accounts/login/code/", {"code": f" {code.upper().replace('-', ' ')} "}).status_code == 302

    assert is_signed_in(browser)
    assert ada.recovery_codes.count() == 9
    assert AuditEntry.objects.get(action="account.recovery_code_used").details == {"left": 9}
    with pytest.raises(CodeRefused):
        second_factor.use_code(ada, code)


def test_recovery_codes_are_kept_as_digests_and_replaced_together(ada):
    old = second_factor.renew_recovery_codes(ada)
    second_factor.renew_recovery_codes(ada)

    assert ada.recovery_codes.count() == 10
    assert not {code.replace("-", "") for code in old} & set(ada.recovery_codes.values_list("digest", flat=True))
    with pytest.raises(CodeRefused):
        second_factor.use_code(ada, old[0])


def test_half_way_ends_by_itself_and_with_the_password(browser, ada, device):
    for spoil in ("time", "password", "account"):
        sign_in(browser)
        session = browser.session
        if spoil == "time":
            session[HALFWAY] = {**session[HALFWAY], "since": timezone.now().timestamp() - 601}
            session.save()
        elif spoil == "password":
            ada.set_password("another long one")
            ada.save()
        else:
            User.objects.update(is_active=False)
        response = browser.post("/accounts/login/code/", {"code": code_of(device)})
        assert response["Location"] == "/accounts/login/"
        assert not is_signed_in(browser)
        ada.set_password(PASSWORD)
        ada.save()


def test_a_new_telephone_replaces_the_old_one(browser, ada, device):
    sign_in(browser)
    browser.post("/accounts/login/code/", {"code": code_of(device)})
    browser.get("/accounts/second-factor/on/")
    new = second_factor.pending_device(ada)

    browser.post("/accounts/second-factor/on/", {"code": code_of(new), "password": PASSWORD})

    assert list(TOTPDevice.objects.filter(user=ada)) == [new]
    assert browser.get("/accounts/second-factor/").status_code == 200


def test_switching_it_off_takes_the_password(browser, ada, device, django_capture_on_commit_callbacks):
    sign_in(browser)
    browser.post("/accounts/login/code/", {"code": code_of(device)})
    assert browser.get("/accounts/second-factor/off/").status_code == 200
    browser.post("/accounts/second-factor/off/", {"password": "wrong"})
    browser.post("/accounts/second-factor/off/", {"password": ""})
    assert second_factor.device_of(ada) == device

    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post("/accounts/second-factor/off/", {"password": PASSWORD})

    assert response.status_code == 302
    assert second_factor.device_of(ada) is None
    assert not RecoveryCode.objects.exists()
    assert [letter.subject for letter in mail.outbox] == ["Signing in no longer needs a code"]
    assert AuditEntry.objects.get(action="account.second_factor_switched_off").actor == ada
    assert browser.get("/accounts/second-factor/").status_code == 200


def test_guessing_the_password_of_an_open_session_is_slowed_down(browser, ada, device):
    sign_in(browser)
    browser.post("/accounts/login/code/", {"code": code_of(device)})
    for _ in range(10):
        browser.post("/accounts/second-factor/off/", {"password": "wrong"})

    for path, form in [("off", {"password": PASSWORD}), ("on", {"password": PASSWORD, "code": "000000"})]:
        assert browser.post(f"/accounts/second-factor/{path}/", form).status_code == 429
    assert second_factor.device_of(ada) == device


def test_the_halfway_page_is_nobodys_without_a_password(browser, ada, device):
    assert browser.get("/accounts/login/code/")["Location"] == "/accounts/login/"
    assert browser.post("/accounts/login/code/", {"code": code_of(device)})["Location"] == "/accounts/login/"
    sign_in(browser)
    assert browser.post("/accounts/login/code/", {"code": ""}).status_code == 200
    assert not is_signed_in(browser)


def test_a_stranger_switches_nothing(browser, ada, device, lumen):
    for path in ("", "on/", "off/", "qr.svg"):
        assert browser.get(f"/accounts/second-factor/{path}").status_code == 302
    with merchant_scope(lumen.pk):
        eve = User.objects.create_user("ada@people.example", PASSWORD)
        with pytest.raises(CodeRefused):
            second_factor.use_code(eve, code_of(device))
    with pytest.raises(CodeRefused):
        second_factor.switch_on(ada, f"{int(time.time()) % 10**6:06d}")
    sign_in(browser)
    state = browser.session[HALFWAY]
    assert timedelta(seconds=timezone.now().timestamp() - state["since"]) < timedelta(seconds=60)
