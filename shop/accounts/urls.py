"""Accounts: their addresses stand before Oscar's, whose own sign-in and registration they replace."""

from django.urls import path

from .views import addresses, passwords, registration, second_factor, sign_in

app_name = "accounts"

everywhere = [
    path("accounts/login/", sign_in.sign_in, name="sign-in"),
    path("accounts/login/code/", sign_in.code, name="code"),
    path("accounts/logout/", sign_in.sign_out, name="sign-out"),
    path("accounts/second-factor/", second_factor.second_factor_page, name="second-factor"),
    path("accounts/second-factor/on/", second_factor.switch_on, name="second-factor-on"),
    path("accounts/second-factor/off/", second_factor.switch_off, name="second-factor-off"),
    path("accounts/second-factor/qr.svg", second_factor.qr_code, name="second-factor-qr"),
]

of_stores = [
    path("accounts/register/", registration.register, name="register"),
    path("accounts/register/sent/", registration.registration_sent, name="registration-sent"),
    path("accounts/register/<str:token>/", registration.finish_registration, name="finish-registration"),
    path("accounts/address/", addresses.new_address, name="new-address"),
    path("accounts/address/<str:token>/", addresses.confirm_address, name="confirm-address"),
]

passwords = [
    path("password-reset/", passwords.password_reset, name="password-reset"),
    path("password-reset/done/", passwords.PasswordResetDoneView.as_view(), name="password-reset-done"),
    path(
        "password-reset/confirm/<str:uidb64>/<str:token>/",
        passwords.PasswordResetConfirmView.as_view(),
        name="password-reset-confirm",
    ),
    path("password-reset/complete/", passwords.PasswordResetCompleteView.as_view(), name="password-reset-complete"),
]

urlpatterns = [*everywhere, *of_stores]
