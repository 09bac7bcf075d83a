"""A page as HTML, read: its article, its metadata, its fingerprint, its kind."""
