import pytest

from shop.order.statuses import OrderStatus
from shop.payments.actions import grant_invoice, offer_method, revoke_invoice, withdraw_method
from shop.payments.contract import Due, Payer
from shop.payments.errors import UnknownMethod, WrongDetails
from shop.payments.models import StorePaymentMethod
from shop.payments.offers import methods_for
from shop.payments.registry import METHODS
from shop.stores.actions import NewStore, open_store
from shop.stores.scope import merchant_scope
from tests.trade import ACCOUNT, a_buyer, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def codes(store, buyer=None):
    return [method.code for method in methods_for(store, payer=Payer(buyer))]


@pytest.mark.parametrize("code", METHODS)
def test_a_method_answers_all_that_the_contract_asks(code, in_aurora):
    method = METHODS[code](ACCOUNT)

    assert method.code == code
    assert str(method.name)
    assert str(method.note)
    assert method.placed_as in OrderStatus
    assert method.is_available_to(Payer()) in (True, False)
    assert method.instructions(Due("A-1", "£12.00")).text


def test_a_store_offers_what_was_set_for_it_in_its_order(aurora_store):
    offer_method(aurora_store, "bank_transfer", details=ACCOUNT, position=2)
    other = open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))

    assert codes(aurora_store) == ["bank_transfer"]
    assert codes(other) == []


def test_nobody_pays_on_invoice_whom_the_merchant_did_not_let(aurora_store):
    open_for_trade(aurora_store)
    buyer = a_buyer()
    assert codes(aurora_store) == ["bank_transfer"]
    assert codes(aurora_store, buyer) == ["bank_transfer"]

    grant_invoice(buyer, net_days=14)
    assert codes(aurora_store, buyer) == ["bank_transfer", "invoice"]

    revoke_invoice(buyer)
    assert codes(aurora_store, buyer) == ["bank_transfer"]


def test_a_method_that_was_withdrawn_is_offered_to_nobody(aurora_store):
    open_for_trade(aurora_store)

    withdraw_method(aurora_store, "bank_transfer")

    assert codes(aurora_store) == []


def test_a_method_that_the_code_knows_no_more_is_passed_over(aurora_store):
    open_for_trade(aurora_store)
    StorePaymentMethod.objects.create(store=aurora_store, code="carrier_pigeon")

    assert codes(aurora_store) == ["bank_transfer"]


@pytest.mark.parametrize(
    "wrong",
    [{"iban": "GB29 NWBK 6016 1331 9268 18"}, {"iban": ""}, {"holder": ""}, {"bic": "NOT A BIC"}, {"bic": "NWBKGB2L1"}],
)
def test_a_wrong_account_is_never_shown_to_buyers(aurora_store, wrong):
    with pytest.raises(WrongDetails):
        offer_method(aurora_store, "bank_transfer", details=ACCOUNT | wrong)

    assert not StorePaymentMethod.objects.exists()


def test_a_method_that_nobody_wrote_cannot_be_offered(aurora_store):
    with pytest.raises(UnknownMethod):
        offer_method(aurora_store, "carrier_pigeon", details={})


def test_a_transfer_is_told_with_account_amount_and_reference(aurora_store):
    open_for_trade(aurora_store)
    (method,) = methods_for(aurora_store, payer=Payer())

    rows = method.instructions(Due("AURORA-7K3M9RXV4", "£12.00")).rows

    assert rows == (
        ("Account holder", "Aurora Ltd"),
        ("Sort code", "60-16-13"),
        ("Account number", "31926819"),
        ("IBAN", "GB29 NWBK 6016 1331 9268 19"),
        ("BIC", "NWBKGB2L"),
        ("Bank", "NatWest"),
        ("Amount", "£12.00"),
        ("Payment reference", "AURORA-7K3M9RXV4"),
    )


def test_an_account_elsewhere_shows_only_what_its_banks_use(aurora_store):
    account = {"holder": "Lumen GmbH", "iban": "DE89370400440532013000"}
    offer_method(aurora_store, "bank_transfer", details=account)

    (method,) = methods_for(aurora_store, payer=Payer())
    rows = method.instructions(Due("L-1", "12,00 €")).rows

    assert [name for name, _ in rows] == [
        *("Account holder", "IBAN", "Amount", "Payment reference", "Structured reference")
    ]
    assert rows[-1] == ("Structured reference", "RF30 L1")


@pytest.mark.parametrize(("days", "said"), [(1, "within one day"), (30, "within 30 days")])
def test_an_invoice_says_how_long_the_buyer_has(in_aurora, days, said):
    buyer = a_buyer()
    grant_invoice(buyer, net_days=days)

    assert said in METHODS["invoice"]({}).instructions(Due("A-1", "£12.00", Payer(buyer))).text


def test_another_merchants_methods_and_terms_do_not_exist(aurora_store, lumen):
    open_for_trade(aurora_store)
    buyer = a_buyer()
    grant_invoice(buyer)

    with merchant_scope(lumen.pk):
        assert codes(aurora_store, buyer) == []
