"""Oscar's migrations, and ours behind them."""

from oscar.apps.partner import migrations as oscars

__path__ = [*__path__, *oscars.__path__]
