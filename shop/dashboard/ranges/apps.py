from oscar.apps.dashboard.ranges import apps

from ..denied import NOBODY


class RangesDashboardConfig(apps.RangesDashboardConfig):
    name = "shop.dashboard.ranges"
    default_permissions = NOBODY
