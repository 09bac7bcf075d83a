"""The network: fetching articles, feeds and robots.txt, sending webhooks, and manners."""
