"""The proof: every actor tries every address with the other side's ids in path, query and body.

Each attempt runs in a transaction of its own that is rolled back, so none disturbs the next. It is a finding when

- the answer shows a mark of the other side,
- a row of the other side is changed, added or gone,
- a door that the actor isn't welcome at answers 2xx.

A server that breaks (500) is none, since it shows and writes nothing, but it is counted: nothing that is sent should,
except where `doors.BREAKS` says why.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings

from shop.stores import tenancy
from shop.stores.scope import merchant_scope

from . import operations
from .actors import Actor
from .doors import BREAKS, IDS, LEFT_OUT, WORDS, Door, door_of
from .marks import DIFFERENCE, FIRST_ID, MERCHANT
from .routes import Route, discover
from .staging import Side

TRACES = frozenset({"django_session", "basket_basket", "basket_line", "customer_productalert"})
"""To these whoever visits a store may add rows, and change none that were there."""

COUNTERS = frozenset({"analytics_productrecord"})
"""These count the visits themselves."""


@dataclass(frozen=True)
class Attempt:
    actor: str
    door: Door
    name: str
    method: str
    path: str
    status: int
    finding: str = ""
    saw_target: bool = False


@dataclass(frozen=True)
class Call:
    """What is sent: a query, or a form."""

    method: str
    path: str
    data: Any

    def send(self, client: Client) -> HttpResponse:
        return (client.get if self.method == "GET" else client.post)(self.path, self.data)


class JsonCall(Call):
    """What programs send."""

    def send(self, client: Client) -> HttpResponse:
        body, headers = json.dumps(self.data), {"idempotency-key": "proof"}
        return client.generic(self.method, self.path, body, content_type="application/json", headers=headers)


@dataclass
class Proof:
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def broken(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.status >= 500 and attempt.name not in BREAKS]

    @property
    def findings(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.finding]

    def table(self) -> str:
        """Attempts by actor and door, as Markdown."""
        tried = Counter((attempt.actor, attempt.door) for attempt in self.attempts)
        shown = Counter((attempt.actor, attempt.door) for attempt in self.attempts if attempt.saw_target)
        broke = Counter((attempt.actor, attempt.door) for attempt in self.broken)
        found = Counter((attempt.actor, attempt.door) for attempt in self.findings)
        lines = [
            "| actor | door | attempts | showed the target's rows | broke | findings |",
            "|---|---|--:|--:|--:|--:|",
        ]
        for key, number in tried.items():
            lines.append(f"| {' | '.join(key)} | {number} | {shown[key]} | {broke[key]} | {found[key]} |")
        return "\n".join(lines)


@override_settings(DEBUG=False, API_REQUESTS_PER_MINUTE={"key": None, "address": None})
def prove(actor: Actor) -> Proof:
    """Let one actor try every address of the host it stands at."""
    proof, watch = Proof(), _Watch(actor)
    for route in discover(actor.urlconf):
        if route.name in LEFT_OUT or not route.template.startswith(actor.only_below):
            continue
        proof.attempts.extend(_tries(actor, route, watch))
    if finding := watch.committed():
        proof.attempts.append(
            Attempt(actor.label, Door.PUBLIC, "", "", "", 0, f"an attempt that was rolled back {finding}")
        )
    return proof


def _tries(actor: Actor, route: Route, watch: "_Watch") -> Iterator[Attempt]:
    path = route.path(_values(route, actor.target))
    query = dict.fromkeys(("id", "ids", "pk", "parent", "category", "store", "user", "order"), actor.target.first_id)
    yield _attempt(actor, route, Call("GET", path, query), watch)
    if actor.is_control:
        return
    yield _attempt(actor, route, Call("POST", path, query), watch)
    own = route.path(_values(route, actor.own))
    for method, body in operations.bodies(route, actor.target):
        for at in dict.fromkeys([path, own]):
            yield _attempt(actor, route, JsonCall(method, at, body), watch)
    if _door(route) in actor.welcome_at:
        for body in _bodies(actor, own):
            yield _attempt(actor, route, Call("POST", own, body), watch)


def _values(route: Route, side: Side) -> dict[str, str]:
    ids = {name: str(side.first_id) for name in route.parameters if name in IDS}
    return ids | {name: side.words[WORDS[name]] for name in route.parameters if name in WORDS}


def _door(route: Route) -> Door:
    door = door_of(route)
    assert door is not None
    return door


def _attempt(actor: Actor, route: Route, call: "Call", watch: "_Watch") -> Attempt:
    door = _door(route)
    with transaction.atomic():
        response = call.send(actor.client())
        saw = actor.forbidden in _without_echo(response, [call.path, *actor.target.words.values()])
        finding = _finding(actor, door, response.status_code, saw=saw)
        if call.method != "GET" and not finding:
            finding = watch.change()
        transaction.set_rollback(True)
    return Attempt(actor.label, door, route.name, call.method, call.path, response.status_code, finding, saw_target=saw)


def _finding(actor: Actor, door: Door, status: int, *, saw: bool) -> str:
    if actor.is_control:
        return ""
    if saw and door not in actor.shown_target_at:
        return "showed a row of the other side"
    if door not in actor.welcome_at and 200 <= status < 300:
        return f"answered {status} to somebody who is not welcome"
    return ""


def _without_echo(response: HttpResponse, sent: list[str]) -> str:
    """Body and headers in lower case, without what was sent, which the answer may repeat."""
    text = _body(response).decode("utf-8", "replace") + repr(response.headers)
    for word in sorted(sent, key=len, reverse=True):
        if any(mark in word for mark in MERCHANT.values()):
            text = text.replace(word, "").replace(quote(word), "").replace(quote(word, safe=""), "")
    return text.lower()


def _body(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def _bodies(actor: Actor, path: str) -> Iterator[dict[str, str]]:
    """For each form of one's own page: what it would send, each own id in it replaced by the other side's in turn."""
    with transaction.atomic():
        response = actor.client().get(path)
        page = _body(response)
        is_page = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
        transaction.set_rollback(True)
    for form in BeautifulSoup(page, "html.parser").find_all("form") if is_page else ():
        sent, foreign = _fields(form, actor.own, actor.target)
        yield {**sent, **foreign}
        for name, value in foreign.items():
            yield {**sent, name: value}


def _fields(form: Tag, own: Side, target: Side) -> tuple[dict[str, str], dict[str, str]]:
    """What a form would send, and what of it names something of one's own, with the other side's name for that."""
    sent, foreign = {}, {}
    words = {word: kind for kind, word in own.words.items()}
    for control in form.find_all(["input", "select", "textarea", "button"]):
        name = control.get("name")
        if not name:
            continue
        sent[name] = value = _value(control)
        if _is_own_id(value):
            foreign[name] = str(int(value) + DIFFERENCE)
        elif value in words:
            foreign[name] = target.words[words[value]]
    return sent, foreign


def _value(control: Tag) -> str:
    """What it holds; of a choice the first that is an id of one's own."""
    options = [str(option.get("value", "")) for option in control.find_all("option")]
    return next(
        filter(_is_own_id, options), options[0] if options else str(control.get("value") or control.text.strip())
    )


def _is_own_id(value: str) -> bool:
    return value.isdigit() and FIRST_ID["attacker"] <= int(value) < FIRST_ID["victim"]


class _Watch:
    """Notices every change of the other side's rows."""

    def __init__(self, actor: Actor) -> None:
        self.side = actor.target
        with merchant_scope(self.side.merchant_id), connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::xid")
            (now,) = cursor.fetchone()
        self.statements = {
            table: f"SELECT '{table}', count(*), sum(('x' || md5(t::text))::bit(32)::bigint) FROM \"{table}\" t"  # noqa: S608
            + (f" WHERE xmin::text::bigint < {now}" if actor.is_visitor and table in TRACES else "")
            + (f" WHERE t::text LIKE '%{actor.forbidden}%'" if actor.is_colleague else "")
            for table in sorted(tenancy.owned_tables() - (COUNTERS if actor.is_visitor else set()))
        }
        self.before = self.state(self.statements)

    def state(self, tables: Iterable[str]) -> dict[str, tuple[int, int]]:
        """For each of these tables the number of its rows and a sum over what stands in them."""
        statement = " UNION ALL ".join(self.statements[table] for table in tables)
        if not statement:
            return {}
        with merchant_scope(self.side.merchant_id), connection.cursor() as cursor:
            cursor.execute(statement)
            return {table: (number, total) for table, number, total in cursor.fetchall()}

    def change(self) -> str:
        """What the running transaction has changed; empty where nothing, or nothing that the database accepts."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except IntegrityError:
            return ""
        return self._difference(self._written())

    def committed(self) -> str:
        """What was changed past the transaction of any attempt."""
        return self._difference(self.statements)

    def _written(self) -> list[str]:
        """The tables that the running transaction has written to, which PostgreSQL counts for itself."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0")
            return [table for (table,) in cursor.fetchall() if table in self.statements]

    def _difference(self, tables: Iterable[str]) -> str:
        after = self.state(tables)
        changed = [table for table in after if after[table] != self.before[table]]
        return f"changed {', '.join(changed)} of the other side" if changed else ""
