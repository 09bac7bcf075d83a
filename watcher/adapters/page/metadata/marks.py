"""The keys under which publishers mark up metadata: what the extraction reads, best first.

The fast fingerprint digests the same keys, so a key enters for both at once.
"""

from __future__ import annotations

HEADLINE_KEYS = (
    "og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title",
    "article.headline", "headline", "title",
)  # fmt: skip
AUTHOR_KEYS = (
    "author", "article:author", "byl", "byline", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "article.author", "citation_author", "cxenseparse:author",
    "articleauthor", "article_author", "article:author_name", "authors", "content-author",
)  # fmt: skip
PUBLISHED_KEYS = (
    "article:published_time", "article:published", "og:article:published_time",
    "og:published_time", "og:pubdate", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "datepublished", "date", "pubdate",
    "pub_date", "publishdate", "publish-date", "publish_date", "publication_date",
    "publication-date", "published_at", "published_time", "published-date", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.created", "dc.date", "dcterms.date",
    "article_date_original", "article.published", "published", "originalpublicationdate",
    "date.issued", "citation_publication_date", "citation_date", "datecreated", "last-published",
)  # fmt: skip
MODIFIED_KEYS = (
    "article:modified_time", "article:modified", "og:article:modified_time", "og:updated_time",
    "og:modified_time", "article:updated_time", "article:updated", "cxenseparse:modifiedtime",
    "datemodified", "lastmod", "last-modified", "last_modified", "lastmodified", "lastupdate",
    "last-updated", "last_updated", "updated-date", "updated_at", "revised", "dcterms.modified",
    "dc.date.modified", "article_date_updated", "article.updated", "updated", "modified",
    "date.updated", "date_modified",
)  # fmt: skip
PUBLISHER_KEYS = (
    "og:site_name", "publisher", "article:publisher", "dc.publisher", "dcterms.publisher",
    "citation_journal_title", "application-name",
)  # fmt: skip
SECTION_KEYS = (
    "article:section", "og:section", "og:article:section", "parsely-section", "sailthru.section",
    "sailthru_section", "article.section", "cxenseparse:section", "articlesection", "section",
    "prism.section",
)  # fmt: skip
LANGUAGE_KEYS = (
    "content-language", "inlanguage", "dc.language", "dcterms.language", "language",
    "og:language", "og:locale",
)  # fmt: skip
ACCESS_KEYS = (
    "isaccessibleforfree", "article:content_tier", "article:content-tier", "content_tier",
    "content-tier", "article.access", "article:access", "paywall", "is_paywalled", "paywalled",
    "requires_subscription", "subscription_required", "is_premium", "ispremium", "premium",
    "article:premium", "access_status", "article_access_status", "outbrain:article_access_status",
)  # fmt: skip
CANONICAL_KEYS = ("og:url",)
META_ATTRIBUTES = ("property", "name", "itemprop", "http-equiv")
_TABLES = (
    *HEADLINE_KEYS, *AUTHOR_KEYS, *PUBLISHED_KEYS, *MODIFIED_KEYS, *PUBLISHER_KEYS,
    *SECTION_KEYS, *LANGUAGE_KEYS, *ACCESS_KEYS, *CANONICAL_KEYS,
)  # fmt: skip
_PREFIXES = ("dc.", "dcterms.")
META_KEYS = {key: key for key in _TABLES} | {
    key.replace(".", ":", 1): key for key in _TABLES if key.startswith(_PREFIXES)
}
"""Every key of `<meta>` that is read, lower case, with the spelling that the tables use."""
ITEM_PROPERTIES = (
    "headline", "author", "creator", "datePublished", "dateModified", "publisher",
    "articleSection", "inLanguage", "isAccessibleForFree", "mainEntityOfPage", "url",
)  # fmt: skip
"""Names of itemprop (microdata) and property (RDFa), without a prefix."""
