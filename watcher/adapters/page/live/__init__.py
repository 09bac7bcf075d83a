"""The posts of a live blog."""
