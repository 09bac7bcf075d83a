"""What a change means: statements with the words that prove them, one rule a module."""
