"""CSS selectors of the configuration, checked and translated for the tree that lxml makes."""

from __future__ import annotations

from typing import NoReturn

from cssselect import ExpressionError, HTMLTranslator, SelectorError, SelectorSyntaxError
from cssselect.parser import Attrib, Element
from cssselect.xpath import XPathExpr

LONGEST = 300
"""Characters of a selector: far more than any that people write. What it costs grows with it."""


def xpath_of(selector: str) -> str:
    """The XPath expression of a CSS selector (level 3, with :is, :not and :has), for any element
    of an HTML page.

    Raises ValueError with the rest of a sentence that says what is wrong with the selector.
    """
    if len(selector) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters; shorten it")
    try:
        return _Translator().css_to_xpath(selector, prefix="descendant::")
    except SelectorSyntaxError as error:
        raise ValueError(f"is no CSS selector: {error}") from error
    except SelectorError as error:
        raise ValueError(f"uses what cannot be looked for in a stored page: {error}") from error
    except RecursionError as error:
        raise ValueError("is nested too deeply; shorten it") from error


def _refuse(what: str) -> NoReturn:
    raise ExpressionError(what)


class _Translator(HTMLTranslator):
    """Refuses what would be accepted and never match, or fail only when a page is read."""

    def xpath_element(self, selector: Element) -> XPathExpr:
        if selector.namespace:
            _refuse("namespaces are not supported")
        return super().xpath_element(selector)

    def xpath_attrib(self, selector: Attrib) -> XPathExpr:
        if selector.namespace:
            _refuse("namespaces are not supported")
        return super().xpath_attrib(selector)

    def xpath_pseudo(self, selector: object) -> XPathExpr:
        name = getattr(selector, "ident", "")
        if name in ("hover", "active", "focus", "visited", "target"):
            _refuse(f"a page has no :{name} before somebody opens it")
        if name == "scope":
            _refuse("a selector holds for the whole page, which has no :scope")
        return super().xpath_pseudo(selector)  # type: ignore[arg-type]
