"""Until a process serves, it ends when it is told to."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread


@contextmanager
def ending_when_told() -> Iterator[None]:
    """Granian's workers begin with the handler of the process that starts them, which does nothing in them: one that
    was told to end while it loaded would begin to serve, and be killed amid requests."""
    if current_thread() is not main_thread():  # of which alone Python takes handlers
        yield
        return
    of_the_server = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGTERM, of_the_server)
