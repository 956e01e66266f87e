"""Which engine searches: OpenSearch where `SEARCH_URL` names one, and PostgreSQL for all that it cannot answer."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from django.conf import settings
from django.utils import timezone

from shop.versions.watching import holds_until

from . import opensearch, postgresql
from .contract import RANKED_FOR, Away, Engine, NotThere, Typed
from .criteria import Criteria, Found

log = structlog.get_logger("stoa.search")

REST_S = 10
"""So long OpenSearch is not asked again after it was away: each that waits for it in vain is a visitor."""
BEHIND = timedelta(seconds=30)
"""So long may be shown again what OpenSearch said: a change reaches it a little later than the page's versions."""

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def engine() -> Engine:
    return EITHER if settings.SEARCH_URL else postgresql


def answers_hold_until() -> datetime:
    """How long may be remembered, at most, what the engine says now."""
    return timezone.now() + (BEHIND if settings.SEARCH_URL else RANKED_FOR)


class Either:
    away_until = 0.0
    """By the clock of this process."""

    def find(self, criteria: Criteria) -> Found:
        return self._answer(criteria, opensearch.find, postgresql.find)

    def propose(self, typed: Typed) -> list[int]:
        return self._answer(typed, opensearch.propose, postgresql.propose)

    def meant(self, criteria: Criteria) -> str | None:
        return self._answer(criteria, opensearch.meant, postgresql.meant)

    def _answer(self, asked: Asked, first: Callable[[Asked], Answer], second: Callable[[Asked], Answer]) -> Answer:
        if time.monotonic() >= self.away_until:
            try:
                answer = first(asked)
                holds_until(lambda: timezone.now() + BEHIND)
                return answer
            except Away as reason:
                self.away_until = time.monotonic() + REST_S
                log.warning("search.away", reason=str(reason), asked_again_in_s=REST_S)
            except NotThere:
                pass
        return second(asked)


EITHER = Either()
