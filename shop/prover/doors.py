"""Who may knock where: each address belongs to one door, and a parameter of an address names one kind of thing.

An address or a parameter that is in no rule fails the proof, so a new one can't be forgotten.
"""

from enum import StrEnum

from .routes import Route


class Door(StrEnum):
    """What a visitor needs to get an answer of the kind 2xx."""

    PUBLIC = "public"
    """Nothing: anybody may look; what is shown is published, or the visitor's own."""
    ACCOUNT = "account"
    """An account of the store's merchant; only the own things are shown."""
    STAFF = "staff"
    """A role with the merchant."""
    OPERATOR = "operator"
    """An operator's account, on the platform's host."""
    KEY = "key"
    """A secret in the address: one that was guessed or made up must be refused."""


PREFIXES: tuple[tuple[str, Door], ...] = (
    ("/cms/", Door.STAFF),
    ("/dashboard/", Door.STAFF),
    ("/accounts/order-status/", Door.KEY),
    ("/accounts/", Door.ACCOUNT),
    ("/password-reset/", Door.PUBLIC),
    ("/api/v1/orders/", Door.ACCOUNT),
    ("/api/v1/addresses/", Door.ACCOUNT),
    ("/api/", Door.PUBLIC),
    ("/documents/", Door.PUBLIC),
    ("/media/", Door.PUBLIC),
    ("/catalogue/", Door.PUBLIC),
    ("/search/", Door.PUBLIC),
    ("/seen/", Door.PUBLIC),
    ("/slots/", Door.PUBLIC),
    ("/offers/", Door.PUBLIC),
    ("/basket/", Door.PUBLIC),
    ("/quick-order/", Door.PUBLIC),
    ("/checkout/", Door.PUBLIC),
    ("/pay/", Door.KEY),
    ("/webhooks/", Door.KEY),
    ("/wishlists/", Door.KEY),
    ("/messages/unsubscribe/", Door.KEY),
    ("/cookies/", Door.PUBLIC),
    ("/currency/", Door.PUBLIC),
    ("/operator-entry/", Door.KEY),
    ("/viewing/", Door.KEY),
    ("/trade-account/", Door.PUBLIC),
    ("/invitations/", Door.PUBLIC),
    ("/merchants/", Door.OPERATOR),
    ("/trail/", Door.OPERATOR),
    ("/_util/", Door.PUBLIC),
)
"""The first that an address begins with."""

NAMES: dict[str, Door] = {
    "wagtail_serve": Door.PUBLIC,
    "store_stylesheet": Door.PUBLIC,
    "robots": Door.PUBLIC,
    "sitemap": Door.PUBLIC,
    "sitemap_part": Door.PUBLIC,
    "dashboard:login": Door.PUBLIC,
    "merchants": Door.OPERATOR,
    "operator-visit-over": Door.PUBLIC,
    "viewing-over": Door.PUBLIC,
    "viewing-only-looks": Door.PUBLIC,
    "accounts:sign-in": Door.PUBLIC,
    "accounts:sign-out": Door.PUBLIC,
    "accounts:code": Door.PUBLIC,
    "accounts:register": Door.PUBLIC,
    "accounts:registration-sent": Door.PUBLIC,
    "accounts:finish-registration": Door.PUBLIC,
    "customer:login": Door.PUBLIC,
    "customer:register": Door.PUBLIC,
    "customer:logout": Door.PUBLIC,
    "customer:anon-order-form": Door.PUBLIC,
    "customer:alert-create": Door.PUBLIC,
    "customer:alerts-confirm": Door.KEY,
    "customer:alerts-cancel-by-key": Door.KEY,
    "wagtailadmin_login": Door.PUBLIC,
    "wagtailadmin_password_reset": Door.PUBLIC,
    "wagtailadmin_password_reset_done": Door.PUBLIC,
    "wagtailadmin_password_reset_confirm": Door.PUBLIC,
    "wagtailadmin_password_reset_complete": Door.PUBLIC,
    "wagtailadmin_javascript_catalog": Door.PUBLIC,
    "wagtailadmin_sprite": Door.PUBLIC,
}
"""Single addresses that differ from their prefix."""

LEFT_OUT = {"wagtailadmin_error_test": "breaks on purpose"}
"""Addresses that are not tried, by name, with the reason."""

BREAKS = {
    "wagtailadmin_pages:set_page_position": "takes any page to have a parent",
    "wagtailadmin_choose_page_chosen_multiple": "takes any page to have a parent",
    "wagtailadmin_choose_page_external_link": "takes a form to have an address in it",
    "wagtailadmin_workflows:disable": "takes the object of a workflow to be there",
    "wagtailadmin_workflows:disable_task": "takes the object of a workflow to be there",
    "wagtailredirects:process_import": "takes a file to have been sent before",
}
"""What answers 500 to nonsense in Wagtail 8.0.1, by name, with the reason: nothing is shown or written."""

# fmt: off
IDS = frozenset({
    "_0", "address_id", "application_id", "collection_id", "company_id", "destination_id", "doc_id", "document_id",
    "email_id", "file_id", "group_id", "id", "image_id", "invitation_id", "line_id", "line_pk", "membership_id",
    "method_pk", "note_id", "object_id", "page_id", "page_pk", "page_to_move_id", "page_view_restriction_id", "parent",
    "parent_page_id", "parent_pk", "part_number_id", "partner_pk", "pk", "place", "product_pk", "redirect_id",
    "rehearsal_id", "restriction_id", "revision_id", "revision_id_a", "revision_id_b", "session_id", "shipment_id",
    "store_id",
    "task_id", "task_state_id", "unit_id", "uploaded_file_id", "user_id", "user_pk", "workflow_pk", "workflow_state_id",
})
# fmt: on
"""Parameters that hold the primary key of some row; the staging gives every table a row of the same number."""

WORDS = {
    "key": "key",
    "to_key": "key",
    "order_number": "number",
    "number": "number",
    "slug": "slug",
    "code": "payment",
    "gateway": "slug",
    "product_slug": "slug",
    "category_slug": "slug",
    "product_class_slug": "slug",
    "hash": "hash",
    "uidb64": "uid",
    "token": "hash",
    "said": "hash",
    "name": "file",
    "_1": "file",
    "merchant_id": "merchant",
    "app_label": "app",
    "app_name": "app",
    "content_type_app_name": "app",
    "model_name": "model",
    "content_type_model_name": "model",
    "action": "action",
    "action_name": "action",
    "filter_spec": "filter",
    "kind": "message_kind",
    "channel": "channel",
    "language": "language",
}
"""Parameters that hold a word, and which of the staged merchant's words that is."""


def door_of(route: Route) -> Door | None:
    """The door that an address belongs to, or None where nobody said."""
    if route.name in NAMES:
        return NAMES[route.name]
    return next((door for prefix, door in PREFIXES if route.template.startswith(prefix)), None)


def unclassified(routes: list[Route]) -> list[str]:
    """What is in no rule: addresses without a door, and parameters of unknown kind."""
    doorless = [f"{route} has no door" for route in routes if door_of(route) is None]
    nameless = [
        f"{route}: {parameter} is of no kind"
        for route in routes
        for parameter in route.parameters
        if parameter not in IDS and parameter not in WORDS
    ]
    return doorless + nameless
