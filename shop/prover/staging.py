"""The stage of the proof: two merchants alike, with a row in every owned table, each text marked with whose it is.

Both are staged by the same steps from sequences that start at round numbers, so what one merchant has at 5,000,001 the
other has at 9,000,001: a number in an address or a form that means something of one's own is turned into the other's by
adding the difference, whichever table it points into.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from oscar.core.loading import get_model
from wagtail.models import Collection, Page

from shop.accounts.models import User
from shop.api.actions import create_key
from shop.api.models import Access
from shop.companies.actions.companies import open_company
from shop.companies.actions.part_numbers import set_part_number
from shop.companies.actions.people import attach, invite
from shop.companies.actions.premises import save_address
from shop.companies.models import Company, CompanyAddress
from shop.companies.roles import MemberRole
from shop.credit.actions import issue_gift_card
from shop.inventory.models import Allocation, Location, StockCount
from shop.listings.actions import list_products
from shop.pricefiles.actions import compare, receive
from shop.pricing.actions import create_price_list, publish_changes
from shop.pricing.changes import SetTier, Target
from shop.staff.actions import grant_role
from shop.staff.groups import renew_groups
from shop.staff.roles import Role
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Store
from shop.stores.roles import owner_connection
from shop.stores.scope import merchant_scope, required_merchant_id

from .filler import Filler
from .marks import FIRST_ID, MERCHANT, PERSON

Product = get_model("catalogue", "Product")


@dataclass(frozen=True)
class Side:
    """One staged merchant."""

    name: str
    merchant_id: int
    first_id: int
    mark: str
    """Stands in every text of its rows, and nowhere else."""
    hosts: tuple[str, str]
    """Its two stores."""
    words: dict[str, str]
    """What the parameters of `doors.WORDS` are, for its rows."""
    keys: dict[str, str]
    """For the API: of its `shopper` and that one's `neighbour`, who may order with them."""
    empty: tuple[str, ...]
    """Owned tables that could not be given a row."""

    def person(self, who: str) -> User:
        """Its `shopper`, that one's `neighbour`, its `owner`, or the `staff` of its second store only."""
        return User.objects.get(email__startswith=f"{who}.")


def stage(name: str) -> Side:
    """Open a merchant with two stores and fill every table of its own. Must run in a database of its own."""
    mark, first_id = MERCHANT[name], FIRST_ID[name]
    _start_sequences_at(first_id)
    merchant = open_merchant(f"Merchant {mark}", slug=name)
    hosts = (f"one.{name}.example", f"two.{name}.example")
    with merchant_scope(merchant.pk):
        stores = [
            open_store(NewStore(name=f"Store {number} {mark}", slug=f"{number}-{mark}", host=host))
            for number, host in zip(("one", "two"), hosts, strict=True)
        ]
        _people(mark, second=stores[1])
        keys = _keys()
        _trees(mark)
        _goods(mark)
        _count(mark)
        _companies(mark)
        _prices(mark)
        issue_gift_card(Decimal(5), currency="GBP", note=f"Card {mark}", by=None)
        filler = Filler(mark, first_id=first_id)
        filler.fill_all()
        _owe()
        return Side(name, merchant.pk, first_id, mark, hosts, _words(mark), keys, tuple(filler.empty()))


def _start_sequences_at(first: int) -> None:
    with owner_connection(), connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        for (sequence,) in cursor.fetchall():
            if sequence != "stores_merchant_id_seq":
                cursor.execute(f'ALTER SEQUENCE "{sequence}" RESTART WITH {first}')


def _people(mark: str, *, second: Store) -> None:
    """The shopper comes first, so that the rows that need a person are theirs."""
    for who in ("shopper", "neighbour", "staff"):
        own = mark + PERSON if who == "shopper" else mark
        User.objects.create_user(f"{who}.{own}@example.com", "a long password", first_name=f"{who} {own}")
    owner = User.objects.create_superuser(f"owner.{mark}@example.com", "a long password", first_name=f"owner {mark}")
    renew_groups()
    grant_role(owner, Role.OWNER, by=None)
    for role in (Role.ORDERS, Role.EDITOR):
        grant_role(User.objects.get(email__startswith="staff."), role, by=owner, stores=[second])


def _keys() -> dict[str, str]:
    owner = User.objects.get(email__startswith="owner.")
    people = {who: User.objects.get(email__startswith=f"{who}.") for who in ("shopper", "neighbour")}
    return {
        who: create_key(user, name=f"Key of {user.first_name}", access=Access.ORDER, by=owner)[1]
        for who, user in people.items()
    }


def _trees(mark: str) -> None:
    category = get_model("catalogue", "Category").add_root(name=f"Category {mark}")
    category.add_child(name=f"Child {mark}")
    Collection.get_first_root_node().add_child(name=f"Collection {mark}")
    for store in Store.objects.select_related("site__root_page"):
        store.site.root_page.add_child(instance=Page(title=f"Page {mark}", slug=f"page-{mark}"))


def _goods(mark: str) -> None:
    """A product that both stores sell, at a location."""
    Location.objects.create(name=f"Location {mark}", code=f"location-{mark}", line1=f"Street {mark}")
    kind = get_model("catalogue", "ProductClass").objects.create(name=f"Kind {mark}", slug=f"kind-{mark}")
    product = Product.objects.create(title=f"Product {mark}", upc=f"upc-{mark}", product_class=kind)
    product.categories.add(get_model("catalogue", "Category").objects.first())
    partner = get_model("partner", "Partner").objects.create(name=f"Partner {mark}", code=f"partner-{mark}")
    product.stockrecords.create(
        partner=partner, partner_sku=f"sku-{mark}", price=Decimal(10), price_currency="GBP", num_in_stock=100
    )
    for store in Store.objects.all():
        list_products(store, [product])


def _count(mark: str) -> None:
    """A count that says something else."""
    count = StockCount.objects.create(name=f"count-{mark}.csv", rows=1)
    record, location = get_model("partner", "StockRecord").objects.get(), Location.objects.get()
    count.differences.create(stockrecord=record, location=location, file_line=2, expected=100, counted=99)


def _owe() -> None:
    """What the filled rows say is allocated is, so that orders of them can be cancelled."""
    for row in Allocation.objects.select_related("stockrecord"):
        row.stockrecord.levels.filter(location=row.location).update(allocated=row.quantity)
        type(row.stockrecord).objects.filter(pk=row.stockrecord_id).update(num_allocated=row.quantity)


def _companies(mark: str) -> None:
    """The shopper administers one, with everything that a company has."""
    own = mark + PERSON
    shopper = User.objects.get(email__startswith="shopper.")
    company = open_company(Company(name=f"Company {own}", code=f"code-{own}"), by=None, first_unit=f"Unit {own}")
    unit = company.units.get()
    attach(company, shopper, role=MemberRole.ADMIN, by=None)
    invite(company, f"invited.{own}@example.com", role=MemberRole.BUYER, by=shopper, origin="https://shop.example")
    save_address(CompanyAddress(unit=unit, line1=f"Street {own}", country_id="GB"), by=shopper)
    set_part_number(company, Product.objects.earliest("pk"), f"part-{own}", by=shopper)


def _prices(mark: str) -> None:
    """A price list of everybody's, with a tier."""
    product = Product.objects.earliest("pk")
    trade = create_price_list(by=None, name=f"List {mark}", code=f"list-{mark}", currency="GBP", is_published=True)
    publish_changes(trade, [SetTier(Target(product_id=product.pk), Decimal(9))], by=None, note=f"Note {mark}")
    rows = f"sku,from_quantity,value\nsku-{mark},10,8\nunknown-{mark},1,7\n"
    compare(receive(trade, [rows.encode()], name=f"file-{mark}.csv", by=User.objects.get(email__startswith="owner.")))


def _words(mark: str) -> dict[str, str]:
    return {
        "payment": "bank_transfer",
        "slug": Product.objects.earliest("pk").slug,
        "number": get_model("order", "Order").objects.earliest("pk").number,
        "voucher": get_model("voucher", "Voucher").objects.earliest("pk").code,
        "key": get_model("wishlists", "WishList").objects.earliest("pk").key,
        "file": f"m{required_merchant_id()}/{mark}.png",
        "merchant": str(required_merchant_id()),
        "hash": "x",
        "uid": "x",
        "app": "cms_pages",
        "model": "storeimage",
        "action": "delete",
        "filter": "width-100",
        "message_kind": "order_placed",
        "channel": "email",
        "language": "en-gb",
    }
