"""What callers may catch, and what channels raise."""


class TemplateRefused(ValueError):
    """A template is wrong; says in one sentence where and why."""


class Undeliverable(Exception):
    """Raised by a channel, with the other side's words, for what no further try can mend: no such mailbox, say."""


class NotOptional(ValueError):
    """A message of this kind must be sent: nobody can do without it."""
