"""The archive: one SQLite file. Knows SQL and the core's nouns, nothing else."""
