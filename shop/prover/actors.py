"""Who tries: each actor stands at a host with a session, and there are marks that it must never be shown."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from shop.stores.scope import merchant_scope
from shop.stores.sessions import SessionStore

from .doors import Door
from .marks import PERSON, STORE
from .staging import Side

STORES, PLATFORM = "config.urls", "config.urls_platform"
"""What is answered on the hosts of stores, and on the platform's own."""


@dataclass(frozen=True)
class Actor:
    label: str
    host: str
    session_key: str
    own: Side
    target: Side
    forbidden: str
    """The mark of the rows that it must neither be shown nor change."""
    welcome_at: frozenset[Door]
    """Doors at which it may get an answer of the kind 2xx."""
    shown_target_at: frozenset[Door] = frozenset()
    """Doors at which it may be shown those rows all the same: at a store, what is public there."""
    urlconf: str = STORES
    is_control: bool = False
    """The rightful owner, who shows that there was something to see; what it does is no attempt."""
    is_colleague: bool = False
    """It belongs to the target's merchant, and may change the rows there that are not forbidden."""
    key: str = ""
    """For the API, which it shows with every request."""
    only_below: str = "/"
    """Where it tries: a key is looked at nowhere but below `/api/`."""

    def client(self) -> Client:
        """A fresh browser: what one attempt does to its cookies is not the next one's."""
        shown = {"authorization": f"Bearer {self.key}"} if self.key else {}
        client = Client(raise_request_exception=False, headers={"host": self.host, **shown})
        if self.session_key:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session_key
        return client

    @property
    def is_visitor(self) -> bool:
        """It stands in the target's own store, where every visit leaves a session, a basket and a count."""
        return bool(self.shown_target_at) and not self.is_colleague


def cast(attacker: Side, victim: Side) -> list[Actor]:
    """The strangers, and the control that shows that there was something to see."""
    public = frozenset({Door.PUBLIC})
    account = public | {Door.ACCOUNT}
    staff = account | {Door.STAFF, Door.KEY}
    here, (there, next_door), platform = attacker.hosts[0], victim.hosts, settings.PLATFORM_HOST
    a, v, mark = attacker, victim, victim.mark
    shopper, owner = (_cookie(a, who) for who in ("shopper", "owner"))
    neighbour, colleague, rightful = (_cookie(v, who) for who in ("neighbour", "staff", "owner"))
    return [
        Actor("stranger at another merchant's store", here, "", a, v, mark, public),
        Actor("shopper of another merchant", here, shopper, a, v, mark, account),
        Actor("owner of another merchant", here, owner, a, v, mark, staff),
        Actor("stranger at the store", there, "", v, v, mark, public, public),
        Actor("owner of another merchant, by the cookie", there, owner, a, v, mark, public, public),
        Actor("stranger at the platform", platform, "", a, v, mark, public, urlconf=PLATFORM),
        Actor("owner of a merchant at the platform", platform, owner, a, v, mark, public, urlconf=PLATFORM),
        Actor("another shopper of the store", there, neighbour, v, v, PERSON, account, public, is_colleague=True),
        Actor("staff of the other store", next_door, colleague, v, v, STORE, staff, public, is_colleague=True),
        *_holders_of_keys(a, v),
        Actor("the owner", there, rightful, v, v, mark, staff, staff, is_control=True),
    ]


def _holders_of_keys(a: Side, v: Side) -> list[Actor]:
    """Machines: with a key of another merchant at that one's store and at the target's, and a colleague's."""
    public, account = frozenset({Door.PUBLIC}), frozenset({Door.PUBLIC, Door.ACCOUNT})
    here, there, mark, foreign = a.hosts[0], v.hosts[0], v.mark, a.keys["shopper"]
    machine = partial(Actor, session_key="", only_below="/api/")
    return [
        machine("key of another merchant", here, own=a, target=v, forbidden=mark, welcome_at=account, key=foreign),
        machine(
            "key of another merchant, at the store",
            there,
            own=v,
            target=v,
            forbidden=mark,
            welcome_at=public,
            shown_target_at=public,
            key=foreign,
        ),
        machine(
            "key of another shopper of the store",
            there,
            own=v,
            target=v,
            forbidden=PERSON,
            welcome_at=account,
            shown_target_at=public,
            key=v.keys["neighbour"],
            is_colleague=True,
        ),
    ]


def _cookie(side: Side, who: str) -> str:
    """The key of a session in which this person of the merchant's is signed in."""
    with merchant_scope(side.merchant_id):
        user = side.person(who)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        assert session.session_key
        return session.session_key
