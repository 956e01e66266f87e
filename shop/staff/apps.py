from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application


class StaffConfig(application.OscarDashboardConfig):
    name = "shop.staff"
    label = "staff"
    verbose_name = _("Staff")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "staff-list": ["staff.view_staffmembership"],
        "staff-invite": ["staff.add_staffmembership"],
        "staff-policy": ["staff.change_staffpolicy"],
        "staff-member": ["staff.change_staffmembership"],
        "staff-grant": ["staff.change_staffmembership"],
        "staff-revoke": ["staff.delete_staffmembership"],
        "staff-switch": ["staff.change_staffmembership"],
        "staff-second-factor-off": ["staff.change_staffmembership"],
    }

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the system checks

    def after_migrate(self) -> None:
        """A release may change what a role may do."""
        from .actions import renew_groups_everywhere

        renew_groups_everywhere()

    def get_urls(self) -> list[Any]:
        from .dashboard import views

        urls = [
            path("", views.members, name="staff-list"),
            path("invite/", views.invite, name="staff-invite"),
            path("policy/", views.policy, name="staff-policy"),
            path("<int:user_id>/", views.member, name="staff-member"),
            path("<int:user_id>/grant/", views.grant, name="staff-grant"),
            path("<int:user_id>/switch/", views.switch, name="staff-switch"),
            path("<int:user_id>/second-factor-off/", views.second_factor_off, name="staff-second-factor-off"),
            path("<int:user_id>/revoke/<int:membership_id>/", views.revoke, name="staff-revoke"),
        ]
        return self.post_process_urls(urls)
