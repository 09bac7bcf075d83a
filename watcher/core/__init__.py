"""The pure core: stdlib and pure libraries, no I/O and no clock."""
