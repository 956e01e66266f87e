"""What an editor puts pages together from; one module for each family of blocks."""

from .body import ArticleBody, PageBody
from .faq import QuestionsBlock
from .links import LinkBlock

__all__ = ["ArticleBody", "LinkBlock", "PageBody", "QuestionsBlock"]
