"""The times that pages write, for machines and for people."""
