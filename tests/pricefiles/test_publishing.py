"""Signing a file, publishing it as one revision, and taking that back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.pricefiles import actions
from shop.pricefiles.errors import PriceFileRefused
from shop.pricefiles.models import PriceFile
from shop.pricefiles.states import NEXT, Mode, State
from shop.pricefiles.tasks import publish_file
from shop.pricing.models import PriceTier, Revision
from shop.stores.scope import merchant_scope
from tests.pricing.trade import set_prices
from tests.trade import a_buyer

from .files import HEADER, counts, publish, send, sku, tiers

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


def row(product, value: str, least: int = 1) -> tuple:
    return (product.pk, None, least, "fixed", D(value), None)


def test_a_signed_file_is_one_revision_of_its_list(trade, cup, pot):
    set_prices(trade, cup, "1:9", "10:8")
    ada = a_buyer()

    sent = publish(send(trade, HEADER, f"{sku(cup)},1,9", f"{sku(cup)},10,7", f"{sku(pot)},1,5", by=ada), by=ada)

    revision = Revision.objects.get(number=2)
    assert (sent.state, sent.revision, sent.signed_by) == ("published", revision, ada)
    assert (revision.source, revision.by, revision.note) == ("import", ada, "prices.csv")
    assert tiers(trade) == {row(cup, "9"), row(cup, "7", 10), row(pot, "5")}
    assert trade.tiers.get(product=cup, min_quantity=1).version == 1, "what the file leaves as it is keeps its tier"
    entry = AuditEntry.objects.filter(action="pricing.published").latest("pk")
    assert (entry.details["added"], entry.details["retired"]) == (2, 1)
    assert AuditEntry.objects.filter(action="pricefiles.signed").count() == 1


def test_a_file_counts_from_its_moment_on(trade, cup):
    january = timezone.now() + timedelta(days=40)
    publish(send(trade, HEADER, f"{sku(cup)},1,9", takes_effect_at=january))

    assert not trade.tiers.in_force(timezone.now()).exists()
    assert trade.tiers.in_force(january).exists()


def test_a_list_that_is_replaced_has_what_the_file_says(trade, cup, pot):
    set_prices(trade, cup, "1:9", "10:8")
    publish(send(trade, HEADER, f"{sku(pot)},1,5", mode=Mode.REPLACE))

    assert tiers(trade) == {row(pot, "5")}


def test_refused_rows_keep_a_file_out_unless_it_is_signed_without_them(trade, cup):
    sent = send(trade, HEADER, f"{sku(cup)},1,9", "NOPE,1,5")

    with pytest.raises(PriceFileRefused, match="sign without them"):
        actions.sign_off(sent, by=None)
    assert not tiers(trade)
    assert publish(sent, leaves_out_refused=True).leaves_out_refused
    assert tiers(trade) == {row(cup, "9")}


def test_a_file_is_not_signed_when_its_list_has_changed_since(trade, cup, pot):
    sent = send(trade, HEADER, f"{sku(cup)},1,9")
    set_prices(trade, pot, "1:5")

    with pytest.raises(PriceFileRefused, match="compare again"):
        actions.sign_off(sent, by=None)
    publish(actions.compare(actions.compare_again(sent, by=None)))
    assert tiers(trade) == {row(cup, "9"), row(pot, "5")}


def test_a_list_that_changes_after_the_signature_is_left_alone(trade, cup, pot):
    signed = actions.sign_off(send(trade, HEADER, f"{sku(cup)},1,9"), by=None)
    set_prices(trade, pot, "1:5")

    failed = actions.publish(signed)

    assert (failed.state, failed.fault) == ("failed", "The list has changed since: compare again.")
    assert tiers(trade) == {row(pot, "5")}


def test_goods_that_leave_the_catalogue_after_the_comparison_stop_the_file(trade, cup, pot):
    signed = actions.sign_off(send(trade, HEADER, f"{sku(cup)},1,9", f"{sku(pot)},1,5"), by=None)
    pot.delete()

    assert actions.publish(signed).state == "failed"
    assert not tiers(trade)
    again = actions.compare(actions.compare_again(signed, by=None))
    assert counts(again) == (1, 0, 0, 0, 1)


def test_a_file_that_changes_nothing_is_not_signed(trade, cup):
    set_prices(trade, cup, "1:9")

    with pytest.raises(PriceFileRefused, match="changes nothing"):
        actions.sign_off(send(trade, HEADER, f"{sku(cup)},1,9"), by=None)


def test_where_somebody_else_has_to_sign_the_sender_can_not(trade, cup):
    ada, grace = a_buyer("ada@example.com"), a_buyer("grace@example.com")
    actions.set_policy(needs_second_person=True, by=ada)
    sent = send(trade, HEADER, f"{sku(cup)},1,9", by=ada)

    for who in (ada, None):
        with pytest.raises(PriceFileRefused, match="Somebody else"):
            actions.sign_off(sent, by=who)
    assert publish(sent, by=grace).signed_by == grace


def test_undoing_puts_back_what_there_was(trade, cup, pot):
    set_prices(trade, cup, "1:9", "10:8")
    before = tiers(trade)
    sent = publish(send(trade, HEADER, f"{sku(cup)},1,7", f"{sku(cup)},10,-", f"{sku(pot)},1,5"))

    undone = actions.undo(sent, by=None)

    assert (undone.state, tiers(trade)) == ("undone", before)
    assert Revision.objects.filter(price_list=trade).latest("number").source == "undo"
    with pytest.raises(PriceFileRefused, match="can't be done now"):
        actions.undo(sent, by=None)


def test_what_was_changed_since_is_not_undone(trade, cup):
    sent = publish(send(trade, HEADER, f"{sku(cup)},1,7"))
    set_prices(trade, cup, "1:6")

    with pytest.raises(PriceFileRefused, match="undo that one first"):
        actions.undo(sent, by=None)
    assert tiers(trade) == {row(cup, "6")}


def test_a_file_that_is_withdrawn_comes_to_nothing(trade, cup):
    sent = send(trade, HEADER, f"{sku(cup)},1,9")
    withdrawn = actions.withdraw(sent, by=None)

    assert (withdrawn.state, withdrawn.differences_found.count(), withdrawn.parts.count()) == ("withdrawn", 0, 0)
    with pytest.raises(PriceFileRefused):
        actions.sign_off(sent, by=None)
    assert not tiers(trade)


def test_a_task_that_comes_twice_publishes_once(trade, cup):
    signed = actions.sign_off(send(trade, HEADER, f"{sku(cup)},1,9"), by=None)
    for _ in range(2):
        publish_file.delay(signed.pk)

    assert (PriceTier.objects.count(), Revision.objects.count()) == (1, 1)


def test_work_that_breaks_changes_nothing_and_says_so(trade, cup, monkeypatch, caplog):
    def break_down() -> None:
        raise OSError("no space left")

    signed = actions.sign_off(send(trade, HEADER, f"{sku(cup)},1,9"), by=None)
    monkeypatch.setattr(actions, "_check_keys", break_down)

    publish_file.delay(signed.pk)

    signed.refresh_from_db()
    assert (signed.state, signed.revision) == ("failed", None)
    assert "Nothing" in signed.fault or "nothing" in signed.fault
    assert not tiers(trade)
    assert "no space left" in caplog.text


@pytest.mark.parametrize("state", State)
def test_states_lead_where_the_table_says(state):
    assert {other for other in State if state.leads_to(other)} == NEXT[state]
    assert State.PUBLISHED not in NEXT[State.COMPARED], "nothing is published that nobody signed"


# The stranger


def test_another_merchant_signs_undoes_and_withdraws_nothing(trade, cup, lumen):
    sent = send(trade, HEADER, f"{sku(cup)},1,9")

    with merchant_scope(lumen.pk):
        for deed in (actions.sign_off, actions.undo, actions.withdraw, actions.compare_again):
            with pytest.raises(PriceFileRefused, match="no such file"):
                deed(sent, by=None)
        with pytest.raises(PriceFileRefused):
            actions.publish(sent)
        publish_file.delay(sent.pk)
    assert PriceFile.objects.get().state == "compared"
