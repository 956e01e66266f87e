class PersonalError(Exception):
    """A page that is kept for everybody asked for what is a visitor's own."""
