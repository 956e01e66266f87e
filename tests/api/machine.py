"""A program that talks to the API of one store."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

V1 = "/api/v1/"


class Machine:
    def __init__(self, host: str, *, key: str) -> None:
        self.client = Client(headers={"host": host, "authorization": f"Bearer {key}"})

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(V1 + path, query)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.client.post(V1 + path, body or {}, content_type="application/json", headers=headers)

    def patch(self, path: str, body: Any) -> HttpResponse:
        return self.client.patch(V1 + path, body, content_type="application/json")

    def put(self, path: str, body: Any) -> HttpResponse:
        return self.client.put(V1 + path, body, content_type="application/json")

    def delete(self, path: str) -> HttpResponse:
        return self.client.delete(V1 + path)


def problem(response: HttpResponse) -> tuple[int, str]:
    """Status and type of a problem, without what all types begin with."""
    assert response["Content-Type"] == "application/problem+json", response.content
    body = response.json()
    assert body["status"] == response.status_code
    return response.status_code, body["type"].removeprefix("urn:stoa:problem:")
