from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.companies.models import Company
from shop.pricing.actions import (
    change_terms,
    copy_price_list,
    create_price_list,
    publish_changes,
    set_quantity_rule,
    undo_revision,
)
from shop.pricing.changes import Change, DropTier, SetTier, Target
from shop.pricing.errors import ChangedMeanwhile, ChangesRefused, TermsRefused, UnknownPriceList
from shop.pricing.levels import Level, TierKind
from shop.pricing.models import PriceList, PriceTier, QuantityRule, Revision
from shop.stores.scope import merchant_scope
from tests.business import a_company
from tests.goods import a_product
from tests.pricing.trade import a_list

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


@pytest.fixture
def trade(in_aurora) -> PriceList:
    return create_price_list(by=None, name="Trade", code="trade", currency="GBP", is_published=True)


@pytest.fixture
def cup(in_aurora):
    return a_product("Cup")


def at(product, value: str, min_quantity: int = 1, **fields: object) -> SetTier:
    return SetTier(Target(product_id=product.pk), D(value), min_quantity, **fields)


def publish(price_list: PriceList, *changes: Change, **fields: object) -> Revision:
    return publish_changes(price_list, changes, by=None, **fields)


def prices(price_list: PriceList, moment=None) -> dict[int, Decimal]:
    return dict(price_list.tiers.in_force(moment or timezone.now()).values_list("min_quantity", "value"))


def refused(price_list: PriceList, *changes: Change, **fields: object) -> list[str]:
    """Why the changes are refused; nothing was written."""
    before = (PriceTier.objects.count(), Revision.objects.count())
    with pytest.raises(ChangesRefused) as caught:
        publish(price_list, *changes, **fields)
    assert (PriceTier.objects.count(), Revision.objects.count()) == before
    return [problem.reason for problem in caught.value.problems]


def test_a_revision_sets_prices_and_is_in_the_trail(trade, cup):
    revision = publish(trade, at(cup, "9"), at(cup, "8.1234", 10), note="Autumn")

    assert prices(trade) == {1: D("9"), 10: D("8.1234")}
    assert (revision.number, revision.note, revision.source) == (1, "Autumn", "edit")
    entry = AuditEntry.objects.get(action="pricing.published")
    assert (entry.details["added"], entry.details["retired"], entry.details["revision"]) == (2, 0, 1)


def test_a_change_retires_the_old_tier_and_adds_another(trade, cup):
    publish(trade, at(cup, "9"))
    old = trade.tiers.get()
    revision = publish(trade, at(cup, "8"))

    old.refresh_from_db()
    assert (old.value, old.retired_in, old.counts_until) == (D("9"), revision, revision.takes_effect_at)
    assert prices(trade) == {1: D("8")}
    assert prices(trade, revision.takes_effect_at - timedelta(microseconds=1)) == {1: D("9")}


def test_what_is_dropped_counts_no_more(trade, cup):
    publish(trade, at(cup, "9"), at(cup, "8", 10))
    publish(trade, DropTier(Target(product_id=cup.pk), 10))

    assert prices(trade) == {1: D("9")}


def test_a_scheduled_change_counts_from_its_moment_on(trade, cup):
    publish(trade, at(cup, "9"))
    january = timezone.now() + timedelta(days=40)
    publish(trade, at(cup, "9.50"), takes_effect_at=january)

    assert prices(trade) == {1: D("9")}
    assert prices(trade, january) == {1: D("9.5")}


def test_prices_that_a_later_revision_changes_are_left_alone_until_that_is_undone(trade, cup):
    publish(trade, at(cup, "9"))
    scheduled = publish(trade, at(cup, "9.50"), takes_effect_at=timezone.now() + timedelta(days=40))

    assert refused(trade, at(cup, "8")) == ["Its prices are changed by a later revision already: undo that one first."]
    undo_revision(scheduled, by=None)

    assert prices(trade, scheduled.takes_effect_at) == {1: D("9")}


def test_what_was_scheduled_and_undone_leaves_prices_as_free_as_before(trade, cup):
    publish(trade, at(cup, "9"), at(cup, "8", 10))
    january = timezone.now() + timedelta(days=40)
    scheduled = publish(trade, at(cup, "9.50"), DropTier(Target(product_id=cup.pk), 10), takes_effect_at=january)
    undone = undo_revision(scheduled, by=None)

    assert prices(trade) == prices(trade, january) == {1: D("9"), 10: D("8")}
    with pytest.raises(TermsRefused, match="never counted"):
        undo_revision(undone, by=None)
    with pytest.raises(TermsRefused):
        undo_revision(scheduled, by=None)
    publish(trade, at(cup, "8.50"))
    assert prices(trade) == prices(trade, january) == {1: D("8.5"), 10: D("8")}


def test_a_revision_of_terms_has_no_prices_to_undo(trade):
    change_terms(trade, by=None, priority=5)

    with pytest.raises(TermsRefused, match="changed no prices"):
        undo_revision(Revision.objects.get(), by=None)
    assert Revision.objects.count() == 1


def test_terms_that_are_saved_as_they_were_make_no_revision(trade):
    assert change_terms(trade, by=None, priority=0, currency="GBP", company=None).last_revision == 0


def test_who_has_not_seen_the_last_revision_changes_nothing(trade, cup):
    publish(trade, at(cup, "9"))

    with pytest.raises(ChangedMeanwhile, match="nothing was saved"):
        publish(trade, at(cup, "8"), seen=0)
    with pytest.raises(ChangedMeanwhile):
        change_terms(trade, by=None, seen=0, priority=5)
    assert prices(trade) == {1: D("9")}
    publish(trade, at(cup, "8"), seen=1)
    assert change_terms(trade, by=None, seen=2, priority=5).last_revision == 3


def test_undoing_puts_back_what_there_was(trade, cup):
    publish(trade, at(cup, "9"), at(cup, "8", 10))
    mistake = publish(trade, at(cup, "0.9"), DropTier(Target(product_id=cup.pk), 10))
    undone = undo_revision(mistake, by=None)

    assert prices(trade) == {1: D("9"), 10: D("8")}
    assert (undone.number, undone.source) == (3, "undo")


def test_what_was_changed_since_is_not_undone(trade, cup):
    first = publish(trade, at(cup, "9"))
    publish(trade, at(cup, "8"))

    with pytest.raises(TermsRefused, match="undo that one first"):
        undo_revision(first, by=None)
    assert prices(trade) == {1: D("8")}


@pytest.mark.parametrize("days", [0, 40])
def test_nothing_is_put_back_that_does_not_fit_what_was_set_since(trade, cup, days):
    publish(trade, at(cup, "5"))
    raised = publish(trade, at(cup, "9"), takes_effect_at=timezone.now() + timedelta(days=days))
    publish(trade, at(cup, "8", 10), takes_effect_at=timezone.now() + timedelta(days=days + 1))

    with pytest.raises(TermsRefused, match="undo that one first"):
        undo_revision(raised, by=None)
    assert prices(trade, timezone.now() + timedelta(days=days + 2)) == {1: D("9"), 10: D("8")}


def test_no_two_prices_of_a_quantity_come_of_undoing(trade, cup):
    now = timezone.now()
    publish(trade, at(cup, "5"))
    dropped = publish(trade, DropTier(Target(product_id=cup.pk)))
    publish(trade, at(cup, "4", valid_from=now))
    publish(trade, DropTier(Target(product_id=cup.pk), valid_from=now), takes_effect_at=now + timedelta(days=40))

    with pytest.raises(TermsRefused, match="undo that one first"):
        undo_revision(dropped, by=None)
    assert list(trade.tiers.in_force(timezone.now()).values_list("value", flat=True)) == [D("4")]


def test_what_fits_beside_what_was_set_since_is_put_back(trade, cup):
    now = timezone.now()
    publish(trade, at(cup, "9", valid_until=now + timedelta(days=1)), at(cup, "8", 10))
    lowered = publish(trade, at(cup, "8.50", valid_until=now + timedelta(days=1)))
    publish(trade, at(cup, "7", 50), at(cup, "12", valid_from=now + timedelta(days=2)))

    undo_revision(lowered, by=None)

    assert prices(trade) == {1: D("9"), 10: D("8"), 50: D("7")}


@pytest.mark.parametrize(
    ("value", "fields", "reason"),
    [
        ("-1", {}, "A price must not be negative."),
        ("NaN", {}, "A price must be a number."),
        ("Infinity", {}, "A price must be a number."),
        ("1.23456", {}, "A price must not have more than four decimals."),
        ("1e9", {}, "A price of more than 10000000 for one piece is taken for a slip."),
        ("101", {"kind": TierKind.PERCENT}, "No more than 100 per cent can be taken off."),
        ("5", {"floor": D("-1")}, "A price must not be negative."),
        ("5", {"min_quantity": 0}, "A price needs a quantity of at least one piece."),
    ],
)
def test_absurd_prices_are_refused(trade, cup, value, fields, reason):
    assert refused(trade, at(cup, value, **fields)) == [reason]


def test_one_bad_change_refuses_all_and_each_is_named(trade, cup):
    with pytest.raises(ChangesRefused) as caught:
        publish(trade, at(cup, "9"), at(cup, "-1", 10), SetTier(Target(product_id=10**9), D("1")))

    assert [problem.index for problem in caught.value.problems] == [1, 2]
    assert caught.value.problems[1].reason == "There is no such product or category."
    assert not trade.tiers.exists()


def test_a_quantity_that_is_named_twice_is_refused(trade, cup):
    reason = "The same quantity is named twice for the same thing."
    assert refused(trade, at(cup, "9"), at(cup, "8")) == [reason, reason]


def test_more_pieces_never_cost_more_each(trade, cup):
    assert refused(trade, at(cup, "9"), at(cup, "9.10", 10)) == [
        "From 10 pieces on one would cost more than from 1 on."
    ]

    publish(trade, at(cup, "9"), at(cup, "8", 10))
    assert refused(trade, at(cup, "7")) == ["From 10 pieces on one would cost more than from 1 on."]
    percent = {"kind": TierKind.PERCENT}
    other = a_product("Plate")
    assert len(refused(trade, at(other, "10", **percent), at(other, "5", 10, **percent))) == 1


def test_windows_that_overlap_are_refused_and_those_that_meet_are_not(trade, cup):
    now = timezone.now()
    first, second = now + timedelta(days=1), now + timedelta(days=2)
    publish(trade, at(cup, "9", valid_until=second))

    assert refused(trade, at(cup, "8", valid_from=first)) == [
        "Its time overlaps that of another price for the same quantity."
    ]
    publish(trade, at(cup, "8", valid_from=second))
    assert prices(trade, first) == {1: D("9")}
    assert prices(trade, second) == {1: D("8")}


def test_a_price_does_not_end_before_it_starts(trade, cup):
    now = timezone.now()
    fields = {"valid_from": now, "valid_until": now - timedelta(days=1)}
    assert refused(trade, at(cup, "9", **fields)) == ["A price must not end before it starts."]


def test_the_database_refuses_to_change_a_tier(trade, cup):
    publish(trade, at(cup, "9"))
    tier = trade.tiers.get()

    for changed in ({"value": D("1")}, {"min_quantity": 5}, {"counts_from": timezone.now()}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            PriceTier.objects.filter(pk=tier.pk).update(**changed)
    publish(trade, at(cup, "8"))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        PriceTier.objects.filter(pk=tier.pk).update(retired_in=None, counts_until=None)


def test_the_database_knows_one_current_tier_of_a_quantity(trade, cup):
    revision = publish(trade, at(cup, "9"))

    with pytest.raises(IntegrityError), transaction.atomic():
        PriceTier.objects.create(
            price_list=trade, product=cup, value=D("8"), added_in=revision, version=1, counts_from=timezone.now()
        )


def test_a_lists_target_fits_its_level(in_aurora):
    for level in (Level.CONTRACT, Level.COMPANY, Level.GROUP, Level.STORE):
        with pytest.raises(TermsRefused):
            create_price_list(by=None, name="X", code="x", currency="GBP", level=level)
    assert not PriceList.objects.exists()


def test_an_unknown_currency_is_refused(in_aurora):
    with pytest.raises(TermsRefused, match=r"There is no currency “XYZ”\."):
        create_price_list(by=None, name="X", code="x", currency="XYZ")


def test_a_base_leans_on_nothing_and_has_the_same_currency(trade):
    leaning = create_price_list(by=None, name="Less", code="less", currency="GBP", base=trade)

    with pytest.raises(TermsRefused, match="cannot lean"):
        create_price_list(by=None, name="X", code="x", currency="GBP", base=leaning)
    with pytest.raises(TermsRefused, match="same currency"):
        create_price_list(by=None, name="X", code="x", currency="EUR", base=trade)
    with pytest.raises(TermsRefused, match="cannot lean"):
        change_terms(trade, by=None, base=leaning)


def test_what_one_company_pays_is_told_no_other_by_a_list_that_leans_on_it(trade):
    cafe, school = a_company("Harbour Café"), a_company("Hill School")
    agreed = a_list("agreed", company=cafe, level=Level.CONTRACT)
    a_list("less", company=cafe, base=agreed)
    a_list("schools", company=school, base=trade)

    for fields in ({"level": Level.COMPANY, "company": school}, {"level": Level.BASE}):
        with pytest.raises(TermsRefused, match="no base for others"):
            create_price_list(by=None, name="X", code="x", currency="GBP", base=agreed, **fields)
    with pytest.raises(TermsRefused, match="lean on this one"):
        change_terms(trade, by=None, level=Level.COMPANY, company=cafe)
    assert PriceList.objects.count() == 4


def test_what_prices_mean_stays_while_there_are_any(trade, cup):
    change_terms(trade, by=None, includes_tax=True)
    publish(trade, at(cup, "9"))

    with pytest.raises(TermsRefused, match="copy the list"):
        change_terms(trade, by=None, includes_tax=False)
    changed = change_terms(trade, by=None, priority=5)
    assert (changed.priority, changed.includes_tax, changed.last_revision) == (5, True, 3)


def test_a_copy_has_the_prices_and_is_not_published(trade, cup):
    publish(trade, at(cup, "9"), at(cup, "8", 10))
    set_quantity_rule(cup, minimum=2, multiple=2, price_list=trade, by=None)

    copied = copy_price_list(trade, name="Trade 2027", code="trade-2027", by=None)

    assert (copied.is_published, copied.last_revision, prices(copied)) == (False, 1, prices(trade))
    assert copied.quantity_rules.get().multiple == 2
    assert trade.tiers.current().count() == 2


def test_a_copy_has_what_counts_now_and_nothing_that_is_yet_to_come(trade, cup):
    january = timezone.now() + timedelta(days=40)
    publish(trade, at(cup, "9"), at(cup, "8", 10))
    publish(trade, at(cup, "5"), DropTier(Target(product_id=cup.pk), 10), takes_effect_at=january)

    copied = copy_price_list(trade, name="Trade 2027", code="trade-2027", by=None)

    assert prices(copied) == prices(copied, january) == {1: D("9"), 10: D("8")}


def test_a_rule_of_one_piece_is_none(cup):
    set_quantity_rule(cup, minimum=12, multiple=6, by=None)
    assert set_quantity_rule(cup, minimum=1, multiple=1, by=None) is None

    assert not QuantityRule.objects.exists()
    with pytest.raises(TermsRefused):
        set_quantity_rule(cup, minimum=0, multiple=6, by=None)


def test_publishing_many_takes_as_many_queries_as_publishing_few(trade, in_aurora, django_assert_num_queries):
    for number in (2, 20):
        products = [a_product(f"Cup {number} {n}") for n in range(number)]
        with django_assert_num_queries(9):
            publish(trade, *(at(product, "9") for product in products))


# The stranger


def test_a_list_of_another_merchant_is_unknown_and_so_are_its_goods(trade, cup, lumen):
    with merchant_scope(lumen.pk):
        with pytest.raises(UnknownPriceList):
            publish(trade, at(cup, "1"))
        theirs = a_product("Lamp")
        with pytest.raises(TermsRefused):
            create_price_list(
                by=None,
                name="X",
                code="x",
                currency="GBP",
                level=Level.COMPANY,
                company=Company(pk=1, name="Not theirs"),
            )

    assert refused(trade, at(theirs, "1")) == ["There is no such product or category."]
    assert prices(trade) == {}
