"""Is a page one that we know? Fingerprint and outline, before any extraction."""
