"""A server on loopback that answers as OpenSearch's documentation says that it does. It is none, and searches nothing:
what it answers was written by hand, so the tests say that we ask as documented and understand what is documented.

https://docs.opensearch.org/latest/api-reference/search-apis/search/
https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
https://docs.opensearch.org/latest/api-reference/alias/aliases-api/
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Asked = tuple[str, str, Any]
"""A method, a path, and what was sent: JSON, or a list of JSON lines."""


class OpenSearch:
    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: dict[str, Any] = {}
        """What is answered to paths that end so: a body, or a status with one."""
        self.pause_s = 0.0

    def answer(self, method: str, path: str, sent: Any) -> tuple[int, Any]:
        self.asked.append((method, path, sent))
        time.sleep(self.pause_s)
        for end, answer in self.answers.items():
            if path.endswith(end):
                return answer if isinstance(answer, tuple) else (200, answer)
        return 200, bulk_answer(sent) if path == "/_bulk" else {"acknowledged": True}

    def sent_to(self, end: str) -> Any:
        """By the only call of that path."""
        (sent,) = [sent for _, path, sent in self.asked if path.endswith(end)]
        return sent


def found(*product_ids: int, total: int | None = None, **facets: Any) -> dict[str, Any]:
    """A page of hits with aggregations, each within its filter."""
    count = len(product_ids) if total is None else total
    aggregations: dict[str, Any] = {
        "all": {"doc_count": count},
        "stock": {"doc_count": count, "values": {"doc_count": 0}},
    }
    for name in ("category", "class", "price"):
        buckets = [{"key": key, "doc_count": number} for key, number in facets.get(name, {}).items()]
        values = {"doc_count_error_upper_bound": 0, "sum_other_doc_count": 0, "buckets": buckets}
        aggregations[name] = {"doc_count": count, "values": values}
    hits = [
        {"_index": "stoa", "_id": f"1-{pk}", "_score": None, "fields": {"product_id": [pk]}, "sort": [1.5, "cup", pk]}
        for pk in product_ids
    ]
    return {
        "took": 3,
        "timed_out": False,
        "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
        "hits": {"total": {"value": count, "relation": "eq"}, "max_score": None, "hits": hits},
        "aggregations": aggregations,
    }


def bulk_answer(lines: list[Any], **statuses: int) -> dict[str, Any]:
    """One item for each deed, by default as it should go."""
    deeds = [(name, about) for line in lines for name, about in line.items() if name in ("index", "delete")]
    items = [
        {name: {"_index": about["_index"], "_id": about["_id"], "status": statuses.get(name, 200)}}
        for name, about in deeds
    ]
    return {"took": 7, "errors": any(status >= 300 for status in statuses.values()), "items": items}


@contextmanager
def running() -> Iterator[tuple[OpenSearch, str]]:
    """One, and its address."""
    ours = OpenSearch()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            is_lines = self.headers.get("Content-Type") == "application/x-ndjson"
            sent = list(map(json.loads, body.splitlines())) if is_lines else json.loads(body) if body else None
            status, answer = ours.answer(self.command, self.path, sent)
            told = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_POST = do_PUT = do_GET  # noqa: N815 - as the library calls them

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield ours, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
