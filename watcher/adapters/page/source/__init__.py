"""What a page is before anything is known of it: text, elements, blocks, named boxes."""
