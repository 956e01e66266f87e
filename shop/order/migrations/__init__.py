"""Oscar's migrations; ours follow them as `stoa_0001_….py`."""

from oscar.apps.order import migrations as oscars

__path__ = [*__path__, *oscars.__path__]
