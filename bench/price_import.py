"""What it takes to import a price list of a million rows: one part of `prices.py`."""

import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shop.pricefiles import actions, contents
from shop.pricefiles.exports import write_list_csv
from shop.pricefiles.states import Mode
from shop.pricing.actions import create_price_list

STEPS = (1, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000)
"""The quantities of a ladder of ten."""


@dataclass(frozen=True)
class Cost:
    rows: int
    steps: dict[str, float]
    """Seconds of each step of the import."""
    more: dict[str, float]
    """Seconds of what was done with the list afterwards."""
    megabytes: float
    """By how much the process grew at its largest, in all of that."""

    @property
    def seconds(self) -> float:
        return sum(self.steps.values())


def import_list(products: int, rows: int, dice: random.Random) -> Cost:
    """Send a file for a list that is empty, compare it, sign it and publish it, as `import_prices` does; then take the
    list away as a file, compare that, and undo the import."""
    price_list = create_price_list(by=None, name="Imported", code="imported", currency="GBP")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w") as file:
            file.writelines(_lines(products, rows, dice))
        before = _peak_from_now()
        clock = _Clock()
        sent = actions.receive(price_list, contents.pieces(path), name=path.name, by=None)
        clock.note("kept")
        sent = actions.compare(sent)
        clock.note("read and compared")
        sent = actions.publish(actions.sign_off(sent, by=None))
        clock.note("published")
        assert (sent.state, sent.added, price_list.tiers.count()) == ("published", sent.rows, sent.rows), sent.fault
        spent, clock.seconds = clock.seconds, {}
        write_list_csv(price_list, path)
        clock.note("written as a file again")
        again = actions.receive(price_list, contents.pieces(path), name=path.name, by=None, mode=Mode.REPLACE)
        again = actions.compare(again)
        clock.note("that file compared: nothing changes")
        assert (again.state, again.unchanged) == ("compared", sent.rows), again.fault
        actions.undo(sent, by=None)
        clock.note("undone")
        assert not price_list.tiers.current().exists()
    return Cost(sent.rows, spent, clock.seconds, _peak() - before)


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def note(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step], self._last = now - self._last, now


def _lines(products: int, rows: int, dice: random.Random) -> Iterator[str]:
    """Ladders of ten that fall, for as many products as it takes."""
    yield "sku,from_quantity,value,valid_from,valid_until\n"
    for number in dice.sample(range(1, products + 1), min(products, rows // len(STEPS))):
        price = dice.uniform(1, 500)
        for place, least in enumerate(STEPS):
            yield f"S{number},{least},{price * (1 - place / 25):.4f},,\n"


def _peak_from_now() -> float:
    """Forget how large the process was before; returns how large it is, in megabytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> float:
    """Of the resident set, in megabytes."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024
