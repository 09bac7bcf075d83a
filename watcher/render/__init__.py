"""Renderings of a change: terminal text, HTML, patch and JSON."""
