"""Oscar's migrations; ours would follow them as `stoa_0001_….py`."""

from oscar.apps.analytics import migrations as oscars

__path__ = [*__path__, *oscars.__path__]
