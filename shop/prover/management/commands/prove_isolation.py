import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.test.utils import override_settings

from shop.prover.actors import PLATFORM, STORES, cast
from shop.prover.doors import unclassified
from shop.prover.filler import LEFT_EMPTY
from shop.prover.proof import Proof, prove
from shop.prover.routes import discover
from shop.prover.scratch import scratch_database
from shop.prover.staging import stage


class Command(BaseCommand):
    help = (
        "Proves that merchants are isolated: makes a database of its own with two of them, and lets strangers, "
        "shoppers and the other's owner try every address with ids that are not theirs. Prints what was tried."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if missing := unclassified([*discover(STORES), *discover(PLATFORM)]):
            raise CommandError("Say in shop/prover/doors.py what these are:\n" + "\n".join(missing))
        with scratch_database(), override_settings(SECURE_SSL_REDIRECT=False), _quiet():
            proof = self.prove_everything()
        self.stdout.write(proof.table())
        for attempt in proof.findings:
            self.stderr.write(f"{attempt.actor}: {attempt.method} {attempt.path}: {attempt.finding}")
        for attempt in proof.broken:
            self.stderr.write(f"{attempt.actor}: {attempt.method} {attempt.path}: answered {attempt.status}")
        if proof.findings:
            raise CommandError(f"{len(proof.findings)} of {len(proof.attempts)} attempts got through.")
        self.stdout.write(self.style.SUCCESS(f"None of {len(proof.attempts)} attempts got through."))

    def prove_everything(self) -> Proof:
        attacker, victim = stage("attacker"), stage("victim")
        if bare := set(victim.empty) - LEFT_EMPTY.keys():
            raise CommandError(f"Nothing is staged in {', '.join(sorted(bare))}.")
        proof = Proof()
        for actor in cast(attacker, victim):
            self.stdout.write(f"{actor.label} ...")
            proof.attempts.extend(prove(actor).attempts)
        return proof


@contextmanager
def _quiet() -> Iterator[None]:
    """Thousands of requests are refused on purpose; what broke is in the report."""
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
