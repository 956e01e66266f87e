"""The audit trail as owners read it."""

from html import unescape

import pytest
from django.urls import reverse

from shop.audit.actions import record
from shop.outbox.words import told_of
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope


@pytest.mark.django_db
def test_the_trail_and_the_outbox_show_words_and_what_nobody_knows_as_it_is(aurora, browser_of):
    with merchant_scope(aurora.pk):
        record("staff.role_granted", by=None)
        record("loyalty.points_given", by=None)

    page = unescape(browser_of(Role.OWNER).get(reverse("dashboard:audit-trail")).content.decode())

    assert "Role granted" in page
    assert "Points given" in page
    assert "staff.role_granted" not in page
    assert (told_of("order.paid"), told_of("loyalty.earned")) == ("the order is paid", "loyalty.earned")


@pytest.mark.django_db
def test_the_last_day_of_all_calendars_is_a_day_like_others(aurora, browser_of):
    with merchant_scope(aurora.pk):
        record("staff.role_granted", by=None)

    page = browser_of(Role.OWNER).get(reverse("dashboard:audit-trail"), {"until": "9999-12-31"})

    assert "Role granted" in page.content.decode()
