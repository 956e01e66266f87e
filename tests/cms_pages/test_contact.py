"""The contact form: kept, mailed to the store, and of no use to robots."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation
from wagtail.contrib.forms.models import FormSubmission

from cms_pages.contact import BAIT, MESSAGES
from cms_pages.models import ContactField, ContactPage, HomePage
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope
from tests.cms_pages.editors import editor, signed_in
from tests.cms_pages.reading import read

pytestmark = pytest.mark.django_db

AURORA = {"host": "aurora.example"}
MESSAGE = {"your_name": "Ada", "your_e_mail_address": "ada@example.com", "your_message": "Do you sell lamps?"}


@pytest.fixture
def send(home: HomePage, client: Client, django_capture_on_commit_callbacks: Any) -> Any:
    """Send the form as a visitor; gives the answer."""

    def send(**fields: str) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post("/contact/", {**MESSAGE, **fields}, headers=AURORA)

    return send


def test_the_form_has_the_fields_of_its_editor_and_one_for_robots(home: HomePage, client: Client) -> None:
    page = read(client, "/contact/")

    assert page.texts(".form .field > label") == ["Your name", "Your e-mail address", "Your message"]
    assert page.attributes("main [name]", "name") == ["csrfmiddlewaretoken", *MESSAGE, BAIT]
    assert page.attribute(f'[name="{BAIT}"]', "tabindex") == "-1"


def test_a_message_is_kept_and_mailed_and_thanked_for(send: Any, aurora_store: Store, client: Client) -> None:
    response = send()

    assert (response.status_code, response["Location"]) == (302, "/contact/?sent")
    assert FormSubmission.objects.get().form_data == MESSAGE
    (letter,) = mail.outbox
    assert letter.subject == "Message to Aurora: Contact"
    assert (letter.from_email, letter.to) == (aurora_store.sender_address, [aurora_store.sender_address])
    assert letter.reply_to == ["ada@example.com"]
    assert (
        letter.body == "Your name:\nAda\n\nYour e-mail address:\nada@example.com\n\nYour message:\nDo you sell lamps?"
    )
    assert "Thank you." in read(client, "/contact/?sent").texts(".alert")[0]


def test_the_page_says_whom_to_mail(send: Any) -> None:
    ContactPage.objects.update(mail_to="desk@aurora.example")

    send()

    assert mail.outbox[0].to == ["desk@aurora.example"]


def test_a_store_that_speaks_german_writes_german(send: Any) -> None:
    Store.objects.update(language="de")
    with translation.override("de"):
        expected = translation.gettext("Message to %(store)s: %(page)s") % {"store": "Aurora", "page": "Contact"}

    send()

    assert mail.outbox[0].subject == expected


def test_a_message_is_not_mailed_when_it_is_not_kept(
    home: HomePage, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        client.post("/contact/", MESSAGE, headers=AURORA)

    assert len(callbacks) == 1
    assert mail.outbox == []


@pytest.mark.parametrize(
    "fields",
    [{"your_message": ""}, {"your_e_mail_address": "ada"}, {"your_name": "A" * 256}, {"your_message": "A" * 5001}],
)
def test_a_message_that_is_incomplete_is_shown_again(fields: dict[str, str], send: Any) -> None:
    response = send(**fields)

    assert response.status_code == 422
    assert b"field__errors" in response.content
    assert not FormSubmission.objects.exists()
    assert mail.outbox == []


def test_several_answers_are_mailed_in_one_line(send: Any) -> None:
    page = ContactPage.objects.get()
    page.form_fields.add(ContactField(label="Topics", field_type="checkboxes", choices="Lamps\nCups", required=False))
    page.save()

    send(topics=["Lamps", "Cups"])

    assert mail.outbox[0].body.endswith("Topics:\nLamps, Cups")


def test_an_editor_reads_what_was_sent(send: Any) -> None:
    send()

    text = signed_in(editor()).get(f"/cms/forms/submissions/{ContactPage.objects.get().pk}/").content.decode()

    assert "Do you sell lamps?" in text


# Robots and worse


def test_a_robot_is_thanked_and_nothing_is_kept(send: Any) -> None:
    response = send(**{BAIT: "https://spam.example"})

    assert (response.status_code, response["Location"]) == (302, "/contact/?sent")
    assert not FormSubmission.objects.exists()
    assert mail.outbox == []


def test_one_address_sends_a_few_messages_only(send: Any, client: Client) -> None:
    answers = [send().status_code for _ in range(MESSAGES + 2)]

    assert answers == [302] * MESSAGES + [429] * 2
    assert FormSubmission.objects.count() == len(mail.outbox) == MESSAGES
    other = client.post("/contact/", MESSAGE, headers=AURORA, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302


def test_behind_a_proxy_each_visitor_is_counted_alone(home: HomePage, client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.0/8"),)

    def send_from(address: str) -> int:
        return client.post("/contact/", MESSAGE, headers={**AURORA, "x-forwarded-for": address}).status_code

    assert [send_from("192.0.2.7") for _ in range(MESSAGES + 1)] == [302] * MESSAGES + [429]
    assert send_from("192.0.2.8") == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"your_name": "Ada\r\nBcc: all@example.com"},
        {"your_message": "Hello\r\nBcc: all@example.com\r\n\r\nBuy!"},
        {"your_e_mail_address": "ada@example.com\r\nBcc: all@example.com"},
        {"your_e_mail_address": "ada@example.com, all@example.com"},
    ],
)
def test_nothing_that_is_written_gets_into_the_headers(fields: dict[str, str], send: Any) -> None:
    send(**fields)

    for letter in mail.outbox:
        message = letter.message()
        assert message["Bcc"] is None
        assert letter.recipients() == ["shop@aurora.example"]
        assert message["Reply-To"] == "ada@example.com"


def test_a_title_over_two_lines_is_one_line_of_the_subject(send: Any) -> None:
    ContactPage.objects.update(title="Contact\nBcc: all@example.com")

    send()

    assert mail.outbox[0].subject == "Message to Aurora: Contact Bcc: all@example.com"


def test_a_form_that_did_not_come_from_the_page_is_refused(home: HomePage) -> None:
    response = Client(enforce_csrf_checks=True).post("/contact/", MESSAGE, headers=AURORA)

    assert response.status_code == 403
    assert not FormSubmission.objects.exists()


# The stranger


def test_the_messages_of_one_merchant_are_not_anothers(send: Any, lumen: Merchant) -> None:
    send()
    page = ContactPage.objects.get()

    with merchant_scope(lumen.pk):
        assert not FormSubmission.objects.exists()
        theirs = signed_in(editor(), host="lumen.example")
    assert theirs.get(f"/cms/forms/submissions/{page.pk}/").status_code == 404
    assert theirs.post("/contact/", MESSAGE).status_code == 404
