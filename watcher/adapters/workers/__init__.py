"""Extraction off the event loop, in processes of their own."""
