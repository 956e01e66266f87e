"""The rules, on values."""

from decimal import Decimal

import pytest

from shop.review.actions import findings_on
from shop.review.contract import Signals
from shop.review.registry import RULES
from shop.review.signals import is_within

ORDINARY = {
    "amount": Decimal("50"),
    "currency": "GBP",
    "billing_country": "GB",
    "shipping_country": "GB",
    "attempts": {"email": 1, "network": 1, "card": 1},
}
OPTIONS = {
    "block_list": {},
    "score": {"most": 75},
    "velocity": {"email": 3, "network": 5, "card": 3},
    "countries": {},
    "amount": {"most": Decimal("1000")},
}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"risk": 74}, []),
        ({"risk": 75}, ["score"]),
        ({"amount": Decimal("1000.00")}, []),
        ({"amount": Decimal("1000.01")}, ["amount"]),
        ({"billing_country": "FR"}, ["countries"]),
        ({"billing_country": "", "shipping_country": ""}, []),
        ({"attempts": {"email": 2, "network": 4, "card": 2}}, []),
        ({"attempts": {"email": 3}}, ["velocity"]),
        ({"attempts": {"network": 5}}, ["velocity"]),
        ({"attempts": {"card": 3}}, ["velocity"]),
        ({"blocked": ("evil.example",)}, ["block_list"]),
        ({"blocked": ("evil.example",), "risk": 99, "amount": Decimal("9999")}, ["block_list", "score", "amount"]),
        ({"blocked": ("evil.example",), "risk": 99, "allowed": ("friend@evil.example",)}, []),
    ],
)
def test_each_rule_objects_to_its_own_and_to_nothing_else(change, found):
    findings = findings_on(Signals(**(ORDINARY | change)), OPTIONS)

    assert [code for code, _ in findings] == found
    assert all(sentence for _, sentence in findings)


def test_a_rule_that_is_off_says_nothing():
    odd = Signals(**(ORDINARY | {"risk": 99, "amount": Decimal("9999")}))

    assert [code for code, _ in findings_on(odd, {"amount": OPTIONS["amount"]})] == ["amount"]


def test_every_rule_can_judge_by_its_own_options():
    for code, rule in RULES.items():
        initial = {name: field.initial for name, field in rule.options_form.base_fields.items()}
        form = rule.options_form(initial)
        assert form.is_valid(), code
        assert rule.judge(Signals(**ORDINARY), form.cleaned_data) == ""


@pytest.mark.parametrize(
    ("address", "network", "within"),
    [
        ("192.0.2.7", "192.0.2.0/24", True),
        ("192.0.3.7", "192.0.2.0/24", False),
        ("2001:db8::1", "2001:db8::/32", True),
        ("192.0.2.7", "2001:db8::/32", False),
        ("", "192.0.2.0/24", False),
    ],
)
def test_an_address_is_within_a_network_of_its_kind(address, network, within):
    assert is_within(address, network) is within
