"""How letters leave: after the commit, as the store, and again while the mail server fails."""

import smtplib

import pytest
from django.core import mail
from django.db import transaction

from shop.communication.tasks import RETRIES, deliver, pause_after
from shop.communication.utils import Dispatcher, one_line, sender
from shop.communication.writing import writing_for
from tests.trade import a_buyer

pytestmark = pytest.mark.django_db

WORDS = {"subject": "Hello", "body": "In text\n\n", "html": "<p>In HTML</p>", "sms": ""}
MAIL = {"subject": "Hello", "text": "In text", "html": "", "sender": "shop@aurora.example", "to": "ada@example.com"}


@pytest.fixture
def dead_server(settings):
    settings.EMAIL_BACKEND = "tests.communication.dead_server.EmailBackend"


def test_a_letter_leaves_after_the_commit(aurora_store, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), writing_for(aurora_store):
        Dispatcher().dispatch_user_messages(a_buyer(), WORDS)
        assert mail.outbox == []

    (letter,) = mail.outbox
    assert (letter.from_email, letter.to, letter.body) == (
        "Aurora <shop@aurora.example>",
        ["grace@example.com"],
        "In text\n",
    )
    assert letter.alternatives[0] == ("<p>In HTML</p>", "text/html")


def test_a_letter_of_what_was_rolled_back_never_leaves(aurora_store, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        Dispatcher().dispatch_direct_messages("ada@example.com", WORDS)
        transaction.set_rollback(True)

    assert mail.outbox == []


def test_a_dead_server_hurts_nobody_who_wrote(aurora_store, dead_server, django_capture_on_commit_callbacks, caplog):
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        Dispatcher().dispatch_direct_messages("ada@example.com", WORDS)

    assert len(callbacks) == 1
    with pytest.raises(smtplib.SMTPServerDisconnected):
        callbacks[0]()  # Django catches and logs this, since the callback is robust


def test_where_no_worker_runs_a_mail_is_tried_once(dead_server):
    with pytest.raises(smtplib.SMTPServerDisconnected):
        deliver.apply(kwargs=MAIL, throw=True)


def test_a_worker_tries_again_for_two_hours_with_growing_pauses():
    pauses = [pause_after(tries) for tries in range(RETRIES)]

    assert pauses[:3] == [30, 60, 120]
    assert 2 * 3600 < sum(pauses) < 3 * 3600


def test_a_mail_without_html_is_plain_text():
    deliver(**MAIL)

    assert mail.outbox[0].alternatives == []


def test_outside_every_store_the_platform_writes(in_aurora, settings):
    settings.DEFAULT_FROM_EMAIL = "stoa@platform.localhost"

    assert sender() == "stoa@platform.localhost"


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a \x0b b", "a\u2028b", " a  b "])
def test_a_header_is_one_line(text):
    assert one_line(text) == "a b"
