"""`python -m shop.testgateway --port 8001`: the gateway on loopback, until it is ended."""

from argparse import ArgumentParser
from pathlib import Path

from .courier import Courier
from .dialects.registry import DIALECTS
from .gateway import Gateway
from .server import Server


def main() -> None:
    parser = ArgumentParser(prog="python -m shop.testgateway", description=__doc__)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--file", type=Path, help="keeps the books between starts")
    parser.add_argument("--pace", type=float, default=1.0, help="of its waits: 0.1 hurries, for tests")
    options = parser.parse_args()
    courier = Courier(pace=options.pace)
    courier.start()
    Server(
        ("127.0.0.1", options.port),
        Gateway(courier, DIALECTS, origin=f"http://127.0.0.1:{options.port}", file=options.file),
    ).serve_forever()


if __name__ == "__main__":
    main()
