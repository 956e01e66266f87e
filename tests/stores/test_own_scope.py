import pytest
from django.contrib.auth.models import Group
from django.db import connection

from shop.stores.scope import own_scope, remembered_merchant
from tests.cast import cast_merchant

pytestmark = pytest.mark.data


def test_own_scope_commits_by_itself_where_no_transaction_is_open(own_database):
    merchant = cast_merchant("aurora")
    with remembered_merchant(merchant.pk):
        with own_scope():
            Group.objects.create(name="Buyers")
        assert not connection.in_atomic_block
        with own_scope():
            assert Group.objects.filter(name="Buyers").exists()
