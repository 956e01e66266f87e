"""Who may see what. Oscar's `is_staff` alone opens nothing; what opens a page is a permission of a role."""

from oscar.apps.dashboard import permissions


class DashboardPermission(permissions.DashboardPermission):
    staff = ["staff.use_dashboard"]
