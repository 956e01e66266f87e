"""What an import can hold against a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """Why a row isn't loaded. `line` is where it starts in the file; `column` is "" when the whole row is meant."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.reason}"


class FileRefused(Exception):
    """The file as a whole can't be read, isn't a catalogue, or is damaged so that no row can be told from another."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")


class CellRefused(ValueError):
    """One cell doesn't hold what its column asks for; its text is the reason."""
