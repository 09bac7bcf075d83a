"""What a page says of its article as linked data (JSON-LD)."""
