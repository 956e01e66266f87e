from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEES, CHANGES = "companies.view_company", "companies.change_company"


class CompaniesConfig(application.OscarDashboardConfig):
    name = "shop.companies"
    label = "companies"
    verbose_name = _("Companies")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "company-list": [SEES],
        "company": [SEES],
        "company-create": ["companies.add_company"],
        "company-import": ["companies.add_company", CHANGES],
        "company-edit": [CHANGES],
        "company-switch": [CHANGES],
        "company-invite": [CHANGES],
        "company-invitation": [CHANGES],
        "company-member": [CHANGES],
        "company-unit-create": [CHANGES],
        "company-unit": [CHANGES],
        "company-unit-remove": [CHANGES],
        "company-part-numbers": [SEES],
        "application-list": ["companies.view_application"],
        "application": ["companies.view_application"],
        "application-approve": ["companies.change_application", "companies.add_company"],
        "application-decline": ["companies.change_application"],
        "customer-group-list": ["companies.view_customergroup"],
        "customer-group-create": ["companies.add_customergroup"],
        "customer-group": ["companies.change_customergroup"],
        "customer-group-delete": ["companies.delete_customergroup"],
    }

    def get_urls(self) -> list[Any]:
        from .dashboard import applications, companies, groups, imports, premises

        urls = [
            path("", companies.CompanyListView.as_view(), name="company-list"),
            path("create/", companies.create, name="company-create"),
            path("import/", imports.import_file, name="company-import"),
            path("applications/", applications.ApplicationListView.as_view(), name="application-list"),
            path("applications/<int:application_id>/", applications.application, name="application"),
            path("applications/<int:application_id>/approve/", applications.approve, name="application-approve"),
            path("applications/<int:application_id>/decline/", applications.decline, name="application-decline"),
            path("groups/", groups.GroupListView.as_view(), name="customer-group-list"),
            path("groups/create/", groups.GroupCreateView.as_view(), name="customer-group-create"),
            path("groups/<int:pk>/", groups.GroupUpdateView.as_view(), name="customer-group"),
            path("groups/<int:pk>/delete/", groups.GroupDeleteView.as_view(), name="customer-group-delete"),
            path("<int:company_id>/", companies.company, name="company"),
            path("<int:company_id>/edit/", companies.edit, name="company-edit"),
            path("<int:company_id>/switch/", companies.switch, name="company-switch"),
            path("<int:company_id>/invite/", companies.invite, name="company-invite"),
            path("<int:company_id>/units/create/", premises.unit, name="company-unit-create"),
            path("<int:company_id>/units/<int:unit_id>/", premises.unit, name="company-unit"),
            path("<int:company_id>/units/<int:unit_id>/remove/", premises.remove_unit, name="company-unit-remove"),
            path("<int:company_id>/part-numbers/", companies.part_numbers, name="company-part-numbers"),
            path("<int:company_id>/invitations/<int:invitation_id>/", companies.invitation, name="company-invitation"),
            path("<int:company_id>/people/<int:membership_id>/", companies.member, name="company-member"),
        ]
        return self.post_process_urls(urls)
