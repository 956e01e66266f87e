class PersonalError(Exception):
    """A page that is kept for everybody asked for what is a visitor's own."""


class RestrictedError(PersonalError):
    """It asked what Wagtail asks to find out whether a visitor may see a page that not all may see."""
