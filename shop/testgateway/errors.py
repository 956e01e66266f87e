"""What the gateway answers instead of doing what it was asked."""

from typing import Any


class Refusal(Exception):
    """`status` is HTTP's, `code` the gateway's."""

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def not_found(what: str) -> Refusal:
    return Refusal("not_found", f"There is no such {what}.", status=404)


def told_of(refusal: Refusal) -> dict[str, Any]:
    return {"error": {"code": refusal.code, "message": refusal.message}}
