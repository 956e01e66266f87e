"""Makes `.venv`, with all that is pinned: `python3 site/config/installing.py [--from-this]`.

From the Python that runs it. Where that was built without profile-guided optimisation, as pyenv builds unless told
otherwise, and the system's own will do, from that one, by which a page takes a quarter less of the processor; not so
with `--from-this`. Nothing is installed when it runs, so it knows Python's own library alone.
"""

import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

OLDEST = (3, 11)
SYSTEMS = "/usr/bin/python3"
FOLDER = Path(".venv")
ITS_PYTHON = str(FOLDER / "bin" / "python")
LOG = FOLDER / "install.log"
PINNED = ("-r", "requirements-dev.txt", "-c", "constraints.txt")


def main() -> None:
    """Exits with what is wrong."""
    if sys.version_info < OLDEST:
        sys.exit("Stoa needs Python 3.11 or newer; name one with PYTHON=/path/to/python3.")
    print("Installing the pinned requirements into .venv (once, about a minute)", flush=True)
    if not runs(ITS_PYTHON, "pass"):
        python = sys.executable if "--from-this" in sys.argv else best_python()
        make_folder(python)
    install()


def best_python() -> str:
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    will_do = f"import sys, venv; sys.exit(sys.version_info < {OLDEST})"
    return SYSTEMS if "--enable-optimizations" not in arguments and runs(SYSTEMS, will_do) else sys.executable


def make_folder(python: str) -> None:
    """Debian keeps the pip of new environments apart; that of this Python serves as well."""
    has_pip = runs(python, "import ensurepip, venv")
    if not has_pip and not runs(sys.executable, "import pip, venv"):
        sys.exit("This Python can't make environments; on Debian and Ubuntu: apt install python3-venv.")
    options = [] if has_pip else ["--without-pip"]
    subprocess.run([python, "-m", "venv", "--clear", *options, str(FOLDER)], check=True)


def install() -> None:
    own = [ITS_PYTHON, "-m", "pip"]
    pip = own if runs(ITS_PYTHON, "import pip") else [sys.executable, "-m", "pip", "--python", ITS_PYTHON]
    command = [*pip, "install", *PINNED]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as installing:
        lines = list(shown(installing.stdout or ()))
    LOG.write_text("".join(lines))
    if installing.returncode:
        sys.exit("".join(["\n", *lines[-15:]]))


def shown(lines: Iterable[str]) -> Iterator[str]:
    """The lines, while it is told how far they have come."""
    count = 0
    for line in lines:
        if line.startswith("Collecting"):
            count += 1
            if sys.stdout.isatty():
                print(f"\r  {count} packages found", end="", flush=True)
        elif line.startswith("Installing collected"):
            print(", unpacking them" if sys.stdout.isatty() else "  unpacking them", flush=True)
        yield line


def runs(python: str, code: str) -> bool:
    try:
        return subprocess.run([python, "-c", code], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    main()
