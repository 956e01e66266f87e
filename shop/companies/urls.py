"""Companies on the shoppers' side: whom one buys for, the company's own pages, invitations, and how to become one."""

from django.urls import path

from .views import acting, applications, invitations, people, premises

app_name = "companies"

urlpatterns = [
    path("trade-account/", applications.apply, name="apply"),
    path("trade-account/sent/", applications.sent, name="applied"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("accounts/buying-for/", acting.choose_company, name="choose"),
    path("accounts/companies/<int:company_id>/", people.people, name="people"),
    path("accounts/companies/<int:company_id>/invitations/", people.invite, name="invite"),
    path("accounts/companies/<int:company_id>/invitations/<int:invitation_id>/", people.answer, name="answer"),
    path("accounts/companies/<int:company_id>/people/<int:membership_id>/", people.person, name="person"),
    path("accounts/companies/<int:company_id>/people/<int:membership_id>/remove/", people.remove, name="remove"),
    path("accounts/companies/<int:company_id>/units/", premises.units, name="units"),
    path("accounts/companies/<int:company_id>/units/add/", premises.unit, name="unit-add"),
    path("accounts/companies/<int:company_id>/units/<int:unit_id>/", premises.unit, name="unit"),
    path("accounts/companies/<int:company_id>/units/<int:unit_id>/remove/", premises.remove_unit, name="unit-remove"),
    path("accounts/companies/<int:company_id>/addresses/", premises.addresses, name="addresses"),
    path("accounts/companies/<int:company_id>/addresses/add/", premises.address, name="address-add"),
    path("accounts/companies/<int:company_id>/addresses/<int:address_id>/", premises.address, name="address"),
    path(
        "accounts/companies/<int:company_id>/addresses/<int:address_id>/remove/",
        premises.remove_address,
        name="address-remove",
    ),
]
