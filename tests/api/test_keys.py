"""Keys: shown once, kept as digests, known at their own merchant's stores only."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.api import keys
from shop.api.actions import create_key, revoke_key
from shop.api.errors import KeyRefused
from shop.api.models import Access, ApiKey
from shop.audit.models import AuditEntry
from shop.order.models import Order
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.api.machine import problem
from tests.business import a_company, a_member
from tests.goods import a_product
from tests.pricing.trade import a_list, set_prices

pytestmark = [pytest.mark.django_db, pytest.mark.data]

PRODUCTS, ORDERS = "/api/v1/products/", "/api/v1/orders/"


def ask(text: str, *, path: str = PRODUCTS, host: str = "aurora.example", scheme: str = "Bearer"):
    return Client(headers={"host": host, "authorization": f"{scheme} {text}"}).get(path)


def test_a_key_is_shown_once_and_kept_as_a_digest(buyer, owner):
    key, text = create_key(buyer, name="ERP", by=owner)

    assert text.startswith(f"stoa_{key.prefix}_")
    assert text.removeprefix(f"stoa_{key.prefix}_") not in str(ApiKey.objects.values())
    assert keys.parsed(text).matches(key.digest)


def test_making_and_revoking_a_key_is_in_the_trail_without_its_text(buyer, owner):
    key, text = create_key(buyer, name="ERP", by=owner, access=Access.ORDER)
    revoke_key(key, by=owner)
    revoke_key(key, by=owner)

    trail = list(AuditEntry.objects.filter(action__startswith="api.").order_by("pk"))
    assert [(entry.action, entry.actor_id, entry.target_id) for entry in trail] == [
        ("api.key_created", owner.pk, str(key.pk)),
        ("api.key_revoked", owner.pk, str(key.pk)),
    ]
    assert trail[0].details == {"acts_as": "ada@example.com", "access": "order", "expires": None}
    assert text not in str(list(AuditEntry.objects.values()))


def test_a_key_may_buy_for_a_company_at_its_prices_as_long_as_its_customer_does(buyer, owner, aurora_store):
    company, cup = a_company(), a_product("Cup", aurora_store)
    set_prices(a_list("contract", company=company), cup, "1:7")
    with pytest.raises(KeyRefused, match="does not buy for"):
        create_key(buyer, name="ERP", by=owner, company=company)
    member = a_member(company, user=buyer)

    _, text = create_key(buyer, name="ERP", by=owner, company=company)
    _, own = create_key(buyer, name="Own", by=owner)

    prices = [ask(each, path=f"{PRODUCTS}{cup.pk}/").json()["price"]["excl_tax"] for each in (text, own)]
    assert prices == ["7.00", "10.00"]
    member.is_active = False
    member.save()
    assert problem(ask(text)) == (401, "about:blank")
    assert ask(own).status_code == 200


def test_a_company_s_key_sees_no_orders_of_its_customer_s_other_companies(buyer, owner, aurora_store):
    ours, other = (a_company(name) for name in ("Harbour Café", "Hill School"))
    for number, company in (("1", ours), ("2", other), ("3", None)):
        if company:
            a_member(company, user=buyer)
        Order.objects.create(
            number=number, store=aurora_store, user=buyer, company=company, total_incl_tax=1, total_excl_tax=1
        )

    _, text = create_key(buyer, name="ERP", by=owner, company=ours)

    assert [order["number"] for order in ask(text, path=ORDERS).json()["results"]] == ["1"]
    assert ask(text, path=f"{ORDERS}1/").status_code == 200
    assert {ask(text, path=f"{ORDERS}{number}/").status_code for number in "23"} == {404}


def test_an_owner_names_the_company_by_its_number(buyer, owner, aurora_store):
    member = a_member(a_company(code="K-77"), user=buyer)
    browser = Client(headers={"host": "aurora.example"})
    browser.force_login(owner)
    said = {"name": "ERP", "email": buyer.email, "access": "order"}

    page = browser.post("/dashboard/api-keys/create/", {**said, "company_code": "K-78"}).content.decode()
    assert "No company has this number." in page
    browser.post("/dashboard/api-keys/create/", {**said, "company_code": "k-77"})

    assert ApiKey.objects.get().company == member.company


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Api-Key"])
def test_a_key_acts_as_its_customer(buyer, owner, scheme):
    _, text = create_key(buyer, name="ERP", by=owner)

    assert ask(text, path=ORDERS, scheme=scheme).status_code == 200


def test_the_first_use_within_a_minute_is_noted(buyer, owner):
    key, text = create_key(buyer, name="ERP", by=owner)

    ask(text)
    key.refresh_from_db()
    first = key.last_used_at
    ask(text)
    key.refresh_from_db()

    assert timezone.now() - first < timedelta(minutes=1)
    assert key.last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(minutes=2))
    ask(text)
    key.refresh_from_db()
    assert key.last_used_at > first


def spoil(how: str, key: ApiKey, text: str, owner: User) -> str:
    match how:
        case "revoked":
            revoke_key(key, by=owner)
        case "expired":
            ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "its account is off":
            User.objects.filter(pk=key.user_id).update(is_active=False)
        case "its account became staff":
            grant_role(key.user, Role.ORDERS, by=owner)
        case "one character differs":
            return text[:-1] + ("a" if text[-1] != "a" else "b")
        case "of another prefix":
            return text.replace(key.prefix, "0" * 12)
        case "only the prefix":
            return f"stoa_{key.prefix}_"
        case "the digest":
            return f"stoa_{key.prefix}_{key.digest}"
        case "not ASCII":
            return text + "\xe9"
        case "nothing":
            return ""
    return text


@pytest.mark.parametrize(
    "how",
    [
        "revoked",
        "expired",
        "its account is off",
        "its account became staff",
        "one character differs",
        "of another prefix",
        "only the prefix",
        "the digest",
        "not ASCII",
        "nothing",
    ],
)
def test_what_is_no_usable_key_is_refused_even_where_none_is_needed(buyer, owner, how):
    key, text = create_key(buyer, name="ERP", by=owner)

    answer = ask(spoil(how, key, text, owner))

    assert problem(answer) == (401, "about:blank")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    key.refresh_from_db()
    assert key.last_used_at is None


def test_without_a_key_what_is_somebodys_own_is_refused(visitor):
    assert problem(visitor.get(ORDERS)) == (401, "about:blank")


def test_another_way_of_authorization_is_none(visitor, buyer):
    assert visitor.get(PRODUCTS, headers={"authorization": "Basic YTpi"}).status_code == 200
    assert visitor.get(ORDERS, headers={"authorization": "Basic YTpi"}).status_code == 401


def test_a_key_opens_neither_dashboard_nor_account_pages(buyer, owner):
    _, text = create_key(buyer, name="ERP", by=owner)

    for path in ("/accounts/orders/", "/dashboard/", "/cms/"):
        assert ask(text, path=path).status_code in (302, 403), path


def test_a_key_that_may_only_look_changes_nothing(buyer, owner):
    _, text = create_key(buyer, name="ERP", by=owner, access=Access.READ)
    machine = Client(headers={"host": "aurora.example", "authorization": f"Bearer {text}"})

    answer = machine.post("/api/v1/basket/lines/", {"product": 1}, content_type="application/json")

    assert problem(answer) == (403, "about:blank")
    assert answer.json()["detail"] == "This key may look only."


@pytest.mark.parametrize("role", [Role.OWNER, Role.ORDERS, Role.EDITOR])
def test_no_key_acts_as_staff(buyer, owner, role):
    grant_role(buyer, role, by=owner)

    with pytest.raises(KeyRefused, match="members of staff sign in"):
        create_key(buyer, name="ERP", by=owner)

    assert not ApiKey.objects.exists()


def test_no_key_acts_as_an_account_that_is_switched_off(buyer, owner):
    buyer.is_active = False

    with pytest.raises(KeyRefused, match="switched off"):
        create_key(buyer, name="ERP", by=owner)


def test_each_key_may_ask_so_often_within_a_minute(buyer, owner, visitor, settings):
    settings.API_REQUESTS_PER_MINUTE = {"key": 2, "address": 1}
    (_, one), (_, two) = (create_key(buyer, name="ERP", by=owner) for _ in range(2))

    answers = [ask(one), ask(one), ask(one)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert problem(answers[2]) == (429, "about:blank")
    assert 0 <= int(answers[2]["Retry-After"]) <= 60
    assert ask(two).status_code == 200
    assert [visitor.get(PRODUCTS).status_code for _ in range(2)] == [200, 429]


def test_another_merchants_key_is_unknown(buyer, owner, lumen):
    _, text = create_key(buyer, name="ERP", by=owner)

    assert problem(ask(text, host="lumen.example")) == (401, "about:blank")


def test_the_same_address_with_another_merchant_is_somebody_else(buyer, lumen):
    with merchant_scope(lumen.pk):
        theirs = User.objects.create_user(buyer.email, "a long password")
        _, text = create_key(theirs, name="ERP", by=theirs)

    assert ask(text, host="lumen.example", path=ORDERS).status_code == 200
    assert problem(ask(text, path=ORDERS)) == (401, "about:blank")
    assert Store.objects.count() == 1
