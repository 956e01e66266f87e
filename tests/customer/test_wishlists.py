import pytest
from oscar.core.loading import get_model

from shop.accounts.models import User
from tests.goods import a_product
from tests.trade import a_buyer

WishList = get_model("wishlists", "WishList")

pytestmark = pytest.mark.django_db


def test_a_list_is_not_begun_with_a_product_that_is_gone(in_aurora, client):
    client.force_login(User.objects.create_user("bea@people.example", "a long password"))

    response = client.get("/accounts/wishlists/create/with-product/999999/", headers={"host": "aurora.example"})

    assert response.status_code == 404


def test_a_list_that_was_changed_in_another_tab_is_shown_again(aurora_store, client):
    reader = a_buyer()
    client.force_login(reader)
    wish_list = WishList.objects.create(owner=reader, name="Later")
    gone, kept = (wish_list.lines.create(product=a_product(title, aurora_store), title=title) for title in "AB")
    page = f"/accounts/wishlists/{wish_list.key}/"
    stale = {"lines-TOTAL_FORMS": 2, "lines-INITIAL_FORMS": 2}
    for n, line in enumerate([gone, kept]):
        stale |= {f"lines-{n}-id": line.pk, f"lines-{n}-quantity": 7}
    gone.delete()

    answer = client.post(page, stale, headers={"host": "aurora.example"})

    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert [(line.pk, line.quantity) for line in wish_list.lines.all()] == [(kept.pk, 1)]


def test_a_list_that_everybody_may_see_does_not_tell_whose_it_is(aurora_store, client):
    owner = a_buyer()
    wish_list = WishList.objects.create(owner=owner, name="Later", visibility=WishList.PUBLIC)

    text = client.get(f"/wishlists/{wish_list.key}/", headers={"host": "aurora.example"}).content.decode()

    assert "<title>Later · Aurora</title>" in text
    assert owner.email not in text
