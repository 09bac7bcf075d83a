"""Pages that are no article: walls, challenges, errors."""
