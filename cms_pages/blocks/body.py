"""What the pages are put together from."""

from wagtail import blocks

from .banners import CallBlock, FeatureBlock, HeroBlock
from .faq import QuestionsBlock
from .pictures import FigureBlock
from .products import CategoriesBlock, CategoryProductsBlock, ProductsBlock, RecommendedProductsBlock
from .text import ProseBlock


class ArticleBody(blocks.StreamBlock):
    """Of an article: read from top to bottom, with products where they help."""

    prose = ProseBlock()
    figure = FigureBlock()
    products = ProductsBlock()
    recommended_products = RecommendedProductsBlock()
    call = CallBlock()


class PageBody(ArticleBody):
    """Of a home or landing page: everything."""

    hero = HeroBlock()
    feature = FeatureBlock()
    category_products = CategoryProductsBlock()
    categories = CategoriesBlock()
    questions = QuestionsBlock()
