"""Who is written what when something happens; once, and recorded."""

from decimal import Decimal

import pytest
from django.core import mail
from django.db.models.functions import Now

from shop.accounts.models import User
from shop.communication.writing import writing_for
from shop.fulfilment.actions.cancelling import cancel_order, cancel_parts
from shop.messages import actions
from shop.messages.channels.registry import CHANNELS
from shop.messages.consumers import write_of
from shop.messages.errors import TemplateRefused
from shop.messages.kinds import KINDS
from shop.messages.letters import Source, shipped_source
from shop.messages.models import Message, MessageStatus, MessageTemplate
from shop.messages.occasions import Recipient
from shop.messages.readers import channels_for
from shop.order.actions import move_order
from shop.order.statuses import OrderStatus
from shop.outbox.actions import record
from shop.outbox.draining import drain_all
from shop.outbox.models import Delivery, DeliveryState, OutboxEvent
from shop.payments.actions import note_transaction
from shop.payments.kinds import TransactionKind
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.fulfilment.orders import part_of
from tests.messages.smtp import mail_server
from tests.trade import a_buyer

pytestmark = pytest.mark.django_db

EMAIL = CHANNELS["email"]


@pytest.fixture
def server(settings):
    """A mail server; gives it, with its answers."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server


def try_again() -> None:
    Delivery.objects.waiting().update(due_at=Now())
    drain_all()


def test_what_was_written_is_kept_with_its_order(order):
    message = Message.objects.get()

    assert (message.order, message.kind, message.channel) == (order, "order_placed", "email")
    assert (message.address, message.status, message.language) == ("ada@example.com", MessageStatus.SENT, "en-gb")
    assert message.subject == mail.outbox[0].subject
    assert message.text == mail.outbox[0].body
    assert message.sent_at is not None


@pytest.mark.parametrize(
    ("status", "subject"),
    [
        (OrderStatus.PAID, "We have your payment for the order {}"),
        (OrderStatus.CANCELLED, "Your order {} is cancelled"),
    ],
)
def test_a_step_of_an_order_is_told(order, status, subject):
    move_order(order, status, by=None)
    drain_all()

    assert mail.outbox[1].subject == subject.format(order.number)
    assert order.number in mail.outbox[1].body


def test_a_refund_says_what_goes_back(order):
    paid = {"method": "bank_transfer", "amount": order.total_incl_tax}
    note_transaction(order, TransactionKind.CAPTURE, paid["amount"], method="bank_transfer", key="capture:1")
    note_transaction(order, TransactionKind.REFUND, Decimal("1.50"), method="bank_transfer", key="refund:1")
    drain_all()

    refund = mail.outbox[-1]
    assert refund.subject == f"Money for your order {order.number} goes back to you"
    assert "£1.50" in refund.body
    assert "Your bank may take some days" in refund.body


def test_what_goes_back_to_a_gift_card_is_there_at_once_and_no_bank_is_named(order):
    note_transaction(order, TransactionKind.CAPTURE, Decimal(4), method="gift_card", key="capture:card")
    note_transaction(order, TransactionKind.REFUND, Decimal(4), method="gift_card", key="refund:card")
    drain_all()

    body = mail.outbox[-1].body
    assert "We have given back £4.00" in body
    assert "It is on your gift card or store credit again" in body
    assert "bank" not in body


def test_an_order_that_is_sent_is_told_without_a_parcel(order):
    record("order.shipped", order)
    drain_all()

    assert mail.outbox[1].subject == f"Your order {order.number} is on its way"
    assert "number **" not in mail.outbox[1].body
    assert "{%" not in mail.outbox[1].body


def test_an_event_that_is_told_twice_is_written_of_once(order):
    write_of(OutboxEvent.objects.get(kind="order.placed"))
    drain_all()

    assert Message.objects.count() == 1
    assert len(mail.outbox) == 1


def test_a_message_that_is_sent_is_not_sent_again(order):
    Delivery.objects.update(state=DeliveryState.WAITING, due_at=Now())
    drain_all()

    assert len(mail.outbox) == 1


def test_each_try_has_the_same_message_id(store, order, server):
    Message.objects.update(status=MessageStatus.QUEUED)
    for _ in range(2):
        Message.objects.update(status=MessageStatus.QUEUED)
        Delivery.objects.filter(consumer="messages.send").update(state=DeliveryState.WAITING, due_at=Now())
        drain_all()

    ids = [line for mail in server.taken for line in mail.splitlines() if line.startswith("Message-ID")]
    assert ids == [f"Message-ID: <message-{Message.objects.get().pk}@aurora.example>"] * 2


def test_a_mailbox_that_is_not_there_is_no_reason_to_try_again(store, order, server):
    server.answers["RCPT"] = "550 no such user"
    move_order(order, OrderStatus.PAID, by=None)
    drain_all()

    message = Message.objects.get(kind="order_paid")
    assert (message.status, message.reason) == (MessageStatus.FAILED, "550 no such user")
    delivery = Delivery.objects.get(event__subject_type="messaging.message", event__subject_id=message.pk)
    assert (delivery.state, delivery.tries, delivery.error) == (DeliveryState.PARKED, 1, "550 no such user")


@pytest.mark.parametrize("command", ["RCPT", "END"])
def test_a_server_that_asks_for_patience_is_asked_again(store, order, server, command):
    server.answers[command] = "451 later"
    move_order(order, OrderStatus.PAID, by=None)
    drain_all()
    assert Message.objects.get(kind="order_paid").status == MessageStatus.FAILED
    assert server.taken == []

    del server.answers[command]
    try_again()

    message = Message.objects.get(kind="order_paid")
    assert (message.status, message.reason) == (MessageStatus.SENT, "")
    assert len(server.taken) == 1


def test_a_store_writes_its_own_words(store, order):
    own = Source(
        "Paid: {{ order_number }}", "# Hurrah\n\nFrom {{ shop }} for <{{ name }}>.\n\n[Look]({{ order_link }})"
    )
    actions.save_template(store, KINDS["order_paid"], EMAIL, own, language="en-gb", by=a_buyer())

    move_order(order, OrderStatus.PAID, by=None)
    drain_all()

    letter = mail.outbox[1]
    assert letter.subject == f"Paid: {order.number}"
    assert letter.body.startswith("Hurrah\n\nFrom Aurora for <Ada Byron>.\n\nLook: http://aurora.example:8000/")
    assert "From Aurora for &lt;Ada Byron&gt;." in letter.alternatives[0][0]


def test_after_a_part_is_cancelled_letters_name_what_the_rest_costs(store, order):
    own, editor = Source("{{ order_total }}", "{{ order_table }}"), a_buyer()
    for kind in ("order_paid", "order_cancelled"):
        actions.save_template(store, KINDS[kind], EMAIL, own, language="en-gb", by=editor)
    cancel_parts(order, part_of(order.lines.get(), 1), by=None)
    move_order(order, OrderStatus.PAID, by=None)
    drain_all()
    cancel_order(order, by=None)
    drain_all()

    paid, cancelled = (Message.objects.get(kind=kind) for kind in ("order_paid", "order_cancelled"))
    assert (paid.subject, cancelled.subject) == ("£8.33", "£11.66")
    assert "Cancelled: −£3.33" in paid.text
    assert "Total now: £8.33" in paid.text


def test_words_in_another_language_are_not_this_stores(store, order):
    actions.save_template(store, KINDS["order_paid"], EMAIL, Source("Bezahlt", "Danke"), language="de", by=a_buyer())

    move_order(order, OrderStatus.PAID, by=None)
    drain_all()

    assert mail.outbox[1].subject.startswith("We have your payment")


def test_a_wrong_template_is_refused_and_the_old_one_stays(store):
    kind = KINDS["order_paid"]
    actions.save_template(store, kind, EMAIL, Source("Old", "Old"), language="en-gb", by=a_buyer())

    with pytest.raises(TemplateRefused):
        actions.save_template(store, kind, EMAIL, Source("New", "{{ how_to_pay }}"), language="en-gb", by=None)

    assert MessageTemplate.objects.get().subject == "Old"


def test_a_template_that_no_longer_holds_is_passed_over_for_the_shipped_one(store, order):
    MessageTemplate.objects.create(
        store=store, kind="order_paid", channel="email", language="en-gb", subject="{{ gone }}", body="x"
    )

    move_order(order, OrderStatus.PAID, by=None)
    drain_all()

    assert mail.outbox[1].subject.startswith("We have your payment")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("theme", ["base", "clinic", "lumen"])
@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_every_shipped_template_holds(store, kind, theme, language):
    Store.objects.update(theme=theme, language=language)
    store.refresh_from_db()
    with writing_for(store):
        source = shipped_source(kind, EMAIL)

    saved = actions.save_template(store, kind, EMAIL, source, language=language, by=a_buyer())

    assert "\n" not in saved.subject
    assert saved.subject
    assert len(saved.body.split("\n\n")) >= 3


def test_a_guest_and_a_buyer_have_wishes_of_their_own(store):
    grace = a_buyer()
    guest, buyer = Recipient("grace@example.com"), Recipient(grace.email, grace)
    actions.prefer(guest, KINDS["order_paid"], "email", is_wanted=False)

    assert channels_for(guest, KINDS["order_paid"]) == []
    assert channels_for(buyer, KINDS["order_paid"]) == [EMAIL]


def test_a_closed_account_leaves_no_letters(store, order):
    grace = a_buyer()
    Message.objects.update(user=grace)

    User.objects.get(pk=grace.pk).delete()

    assert not Message.objects.exists()


def test_the_other_merchant_sees_nothing_of_it(order, lumen):
    with merchant_scope(lumen.pk):
        assert not Message.objects.exists()
        assert not MessageTemplate.objects.exists()
