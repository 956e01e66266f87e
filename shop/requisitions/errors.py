"""What callers of the requisition lists may catch."""


class TooMany(ValueError):
    """More lists than a person makes, or more lines than a list holds; the text, for its reader, says how many."""
