from shop.messages.errors import Undeliverable

from .contract import Channel
from .email import Email

CHANNELS: dict[str, Channel] = {channel.code: channel for channel in [Email()]}
"""The channels that there are, by their codes."""


def channel_coded(code: str) -> Channel:
    """Raises `Undeliverable` for one that is no longer installed."""
    if code not in CHANNELS:
        raise Undeliverable(f"There is no channel {code!r} here.")
    return CHANNELS[code]
