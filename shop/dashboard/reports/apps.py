from oscar.apps.dashboard.reports import apps

from ..denied import NOBODY


class ReportsDashboardConfig(apps.ReportsDashboardConfig):
    name = "shop.dashboard.reports"
    default_permissions = NOBODY
