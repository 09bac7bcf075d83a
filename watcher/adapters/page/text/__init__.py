"""Which text of a page is its article, and in which paragraphs."""
