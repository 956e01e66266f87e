"""Every rule there is, in the order in which their findings are told."""

from .contract import Rule
from .rules.amount import Amount
from .rules.countries import Countries
from .rules.lists import BlockList
from .rules.score import Score
from .rules.velocity import Velocity

RULES: dict[str, Rule] = {rule.code: rule for rule in (BlockList(), Score(), Velocity(), Countries(), Amount())}
