"""Oscar's migrations; ours would follow them as `stoa_0001_….py`."""

from oscar.apps.communication import migrations as oscars

__path__ = [*__path__, *oscars.__path__]
