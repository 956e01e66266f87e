"""The isolation prover: nobody gets at what is another merchant's, and it would notice if somebody did."""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from shop.accounts.models import User
from shop.prover import scratch
from shop.prover.actors import PLATFORM, STORES, Actor, cast
from shop.prover.doors import BREAKS, LEFT_OUT, Door, unclassified
from shop.prover.filler import LEFT_EMPTY
from shop.prover.proof import Proof, prove
from shop.prover.routes import Route, discover
from shop.prover.staging import Side, stage
from shop.stores import middleware
from shop.stores.querysets import HostEntry
from tests.conftest import ensure_template

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

OF_ANOTHER_MERCHANT = [
    "stranger at another merchant's store",
    "shopper of another merchant",
    "owner of another merchant",
    "owner of another merchant, by the cookie",
    "key of another merchant",
    "key of another merchant, at the store",
]
"""Whom PostgreSQL itself keeps out."""

OF_THE_MERCHANT_OR_NONE = [
    "stranger at the store",
    "another shopper of the store",
    "staff of the other store",
    "key of another shopper of the store",
    "stranger at the platform",
    "owner of a merchant at the platform",
]
"""Whom views and permissions keep out."""

STRANGERS = [*(pytest.param(label, marks=pytest.mark.data) for label in OF_ANOTHER_MERCHANT), *OF_THE_MERCHANT_OR_NONE]


@pytest.fixture(scope="session")
def staged(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, tuple[Side, Side]]]:
    """A database in which the proof can be played, since each attempt is rolled back; its name, and who plays."""
    name = f"test_stoa_staged_{os.getpid()}"
    with django_db_blocker.unblock():
        scratch.clone(ensure_template(), name)
        with scratch.using(name):
            sides = stage("attacker"), stage("victim")
        yield name, sides
        scratch.drop(name)


@pytest.fixture
def sides(staged: tuple[str, tuple[Side, Side]], django_db_blocker: Any) -> Iterator[tuple[Side, Side]]:
    name, sides = staged
    with django_db_blocker.unblock(), scratch.using(name):
        yield sides


def actor(label: str, sides: tuple[Side, Side]) -> Actor:
    return next(one for one in cast(*sides) if one.label == label)


def test_every_address_has_a_door_and_every_parameter_a_kind():
    assert unclassified([*discover(STORES), *discover(PLATFORM)]) == []


def test_what_is_left_out_or_may_break_is_an_address_of_the_project():
    assert LEFT_OUT.keys() | BREAKS.keys() <= {route.name for route in discover(STORES)}


def test_an_address_that_nobody_classified_fails_the_proof():
    routes = [Route("/secret/%(thing)s/", ("thing",), "secret")]

    assert unclassified(routes) == ["/secret/<thing>/ has no door", "/secret/<thing>/: thing is of no kind"]


@pytest.mark.data
def test_every_owned_table_has_a_row_to_be_stolen(sides):
    _, victim = sides

    assert set(victim.empty) <= LEFT_EMPTY.keys()


@pytest.mark.parametrize("label", STRANGERS)
def test_nobody_gets_at_what_is_another_merchants(sides, label):
    proof = prove(actor(label, sides))

    assert proof.findings == [], proof.table()
    assert proof.broken == []
    assert len(proof.attempts) > 30


def test_the_owner_is_shown_what_the_others_were_not(sides):
    proof = prove(actor("the owner", sides))

    shown = {attempt.path for attempt in proof.attempts if attempt.saw_target}
    assert len(shown) > 60
    assert {attempt.door for attempt in proof.attempts if attempt.saw_target} >= {Door.PUBLIC, Door.STAFF}


def test_a_wall_with_a_hole_is_noticed(sides, monkeypatch):
    _, victim = sides
    through_the_wall = HostEntry(victim.merchant_id, store_id=None)
    monkeypatch.setattr(middleware, "entry_of_host", lambda host: through_the_wall)
    monkeypatch.setattr(middleware, "PLATFORM_URLS", __name__)

    proof = prove(replace(actor("stranger at another merchant's store", sides), urlconf=__name__))

    assert [attempt.finding for attempt in proof.findings] == [
        "showed a row of the other side",
        "showed a row of the other side",
        "answered 200 to somebody who is not welcome",
        "changed accounts_user of the other side",
    ]
    assert [attempt.path for attempt in proof.broken] == ["/search/fail/", "/search/fail/"]


def test_a_report_counts_by_actor_and_door():
    assert Proof().table().count("\n") == 1


def show(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{list(User.objects.all())}")


def change(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        User.objects.update(first_name="mine")
        return HttpResponse(status=302, headers={"Location": "/"})
    return HttpResponse("nothing to see")


def fail(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("catalogue/show/", show),
    path("dashboard/change/", change),
    path("search/fail/", fail),
]
