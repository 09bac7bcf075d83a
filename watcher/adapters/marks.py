"""The keys under which publishers mark up metadata: what the extraction reads, best first.

The fast fingerprint digests the same keys, so a key enters for both at once.
"""

from __future__ import annotations

HEADLINE_KEYS = ("og:title", "twitter:title")
AUTHOR_KEYS = (
    "author", "article:author", "byl", "byline", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "article.author", "citation_author", "cxenseparse:author",
)  # fmt: skip
PUBLISHED_KEYS = (
    "article:published_time", "article:published", "og:article:published_time",
    "og:published_time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "datepublished", "date", "pubdate", "publishdate", "publish-date", "publish_date",
    "publication_date", "publication-date", "dc.date.issued", "dcterms.created", "dc.date",
    "dcterms.date", "article_date_original", "article.published", "published",
    "originalpublicationdate", "date.issued", "last-published",
)  # fmt: skip
MODIFIED_KEYS = (
    "article:modified_time", "article:modified", "og:article:modified_time", "og:updated_time",
    "og:modified_time", "datemodified", "lastmod", "last-modified", "last_modified", "revised",
    "dcterms.modified", "dc.date.modified", "article.updated", "article:updated_time", "updated",
    "modified", "date.updated", "date_modified",
)  # fmt: skip
META_KEYS = frozenset((*HEADLINE_KEYS, *AUTHOR_KEYS, *PUBLISHED_KEYS, *MODIFIED_KEYS))
ITEM_PROPERTIES = ("headline", "author", "datePublished", "dateModified")
