"""The part of a Celery worker that looks for what nobody told it of; `config.celery` puts it in."""

from typing import Any

from celery import bootsteps

from .tasks import sweep_outbox

SWEEP_S = 10


class Sweeper(bootsteps.StartStopStep):
    """Sends a sweep as soon as the worker is connected, and every ten seconds.

    It is a step of the worker's consumer, which begins anew with each connection: when a broker comes back, the worker
    forgets its timers. Several workers send several sweeps, and one too many finds nothing to do. Each is worth nothing
    once the next is sent, so they do not pile up while all are busy.
    """

    requires = {"celery.worker.consumer.connection:Connection"}

    def start(self, consumer: Any) -> None:
        consumer.timer.call_after(0, self.send)
        self.ticking = consumer.timer.call_repeatedly(SWEEP_S, self.send)

    def stop(self, consumer: Any) -> None:
        self.ticking.cancel()

    def send(self) -> None:
        sweep_outbox.apply_async(expires=SWEEP_S, retry=False)
