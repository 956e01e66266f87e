"""The names of what has a version. `tables` says which table moves which."""

from hashlib import md5


def pages_of(merchant_id: int) -> str:
    """Whatever the pages of a merchant's stores show, but for what has a mark of its own. All pages and all visitors
    depend on it, so it stands for very many marks at once."""
    return f"m{merchant_id}"


def stock_of(stockrecord_id: int) -> str:
    """How many pieces there are, and how many are promised."""
    return f"k{stockrecord_id}"


def reviews_of(product_id: int) -> str:
    return f"p{product_id}"


def account(user_id: int) -> str:
    """Somebody's account, and the companies that they may buy for."""
    return f"u{user_id}"


def basket(basket_id: int) -> str:
    return f"b{basket_id}"


def session(key: str) -> str:
    """By the MD5 of its key: the key itself is told to nobody."""
    return f"s{md5(key.encode(), usedforsecurity=False).hexdigest()}"


HOSTS = "hosts"
"""Which host is which store."""
