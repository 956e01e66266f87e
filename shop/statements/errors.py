"""What callers of statements may catch. `str()` is a sentence in the reader's language."""


class StatementRefused(Exception):
    """A file is no statement that we read, or what was asked of an entry cannot be done. Nothing was written."""
