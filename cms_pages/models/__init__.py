"""One module for each type of page, and for each of a store's content settings."""

from .articles import ArticleIndexPage, ArticlePage
from .contact import ContactField, ContactPage
from .cookies import CookieNotice
from .details import StoreDetails
from .faq import FaqPage
from .home import HomePage
from .landing import LandingPage
from .look import StoreLook
from .media import StoreDocument, StoreImage, StoreRendition
from .menus import StoreMenus
from .notice import StoreNotice
from .text import TextPage

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "ContactField",
    "ContactPage",
    "CookieNotice",
    "FaqPage",
    "HomePage",
    "LandingPage",
    "StoreDetails",
    "StoreDocument",
    "StoreImage",
    "StoreLook",
    "StoreMenus",
    "StoreNotice",
    "StoreRendition",
    "TextPage",
]
