import pytest

from shop.pricing.models import PriceList
from tests.goods import a_product
from tests.pricing.trade import a_list


@pytest.fixture
def trade(in_aurora) -> PriceList:
    return a_list("trade")


@pytest.fixture
def cup(in_aurora):
    return a_product("Cup")


@pytest.fixture
def pot(in_aurora):
    return a_product("Pot")
