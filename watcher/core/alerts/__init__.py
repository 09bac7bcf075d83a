"""Alerts: which webhook gets what, when, and why. Pure; storage puts what follows on record."""
