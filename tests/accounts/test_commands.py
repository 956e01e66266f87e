from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from shop.accounts.models import Attempts, User
from shop.accounts.throttle import ACCOUNT, count_attempt
from shop.audit.models import AuditEntry
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope

pytestmark = pytest.mark.django_db


def test_old_attempts_of_every_merchant_are_forgotten(aurora, lumen):
    for merchant_id in (aurora.pk, lumen.pk, PLATFORM_MERCHANT_ID):
        with merchant_scope(merchant_id):
            count_attempt(ACCOUNT, "old", now=timezone.now() - timedelta(days=3))
            count_attempt(ACCOUNT, "new")
    out = StringIO()

    call_command("forget_attempts", stdout=out)

    assert out.getvalue() == "3 forgotten.\n"
    with merchant_scope(aurora.pk):
        assert Attempts.objects.count() == 1


@pytest.mark.parametrize("where", ["aurora", "platform"])
def test_a_second_factor_is_reset_from_the_servers_console(aurora, where):
    merchant_id = aurora.pk if where == "aurora" else PLATFORM_MERCHANT_ID
    with merchant_scope(merchant_id):
        user = User.objects.create_user("ada@people.example", "a long password")
        TOTPDevice.objects.create(user=user, name="authenticator", confirmed=True)

    call_command("reset_second_factor", where, "Ada@people.example", stdout=StringIO())

    with merchant_scope(merchant_id):
        assert not TOTPDevice.objects.exists()
        assert AuditEntry.objects.get().action == "account.second_factor_switched_off"


def test_nobody_elses_second_factor_is_reset(aurora, lumen):
    with merchant_scope(aurora.pk):
        user = User.objects.create_user("ada@people.example", "a long password")
        TOTPDevice.objects.create(user=user, name="authenticator", confirmed=True)

    for words in (("lumen", "ada@people.example"), ("nobody", "ada@people.example")):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", *words)
    with merchant_scope(aurora.pk):
        assert TOTPDevice.objects.exists()
