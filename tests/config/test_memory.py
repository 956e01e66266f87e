"""What large pages took goes back to the machine."""

import subprocess
import sys

import pytest

from tests.conftest import PROJECT

ONCE_LARGE = """
import ctypes, os, sys
sys.path.insert(0, "site")
from config import memory
malloc, free = ctypes.CDLL(None).malloc, ctypes.CDLL(None).free
malloc.restype, malloc.argtypes, free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]

def taken():
    blocks = [malloc(1 << 20) for _ in range(64)]
    for block in blocks:
        ctypes.memset(block, 1, 1 << 20)
    return blocks

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

if "adjusted" in sys.argv:
    memory.give_back_what_is_freed()
free(malloc(16 << 20))  # by which glibc learns that blocks of this size come and go
before, blocks = resident(), taken()
last = malloc(100 << 10)  # behind them, and it stays
for block in blocks:
    free(block)
print(resident() - before)
"""


def left(*arguments: str) -> int:
    """Bytes that a process still has of 64 MB that it took and gave back."""
    command = [sys.executable, "-c", ONCE_LARGE, *arguments]
    return int(subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="It is glibc that keeps memory so.")
def test_large_blocks_go_back_to_the_machine_and_would_not_otherwise():
    assert left() > 60 << 20
    assert left("adjusted") < 2 << 20
