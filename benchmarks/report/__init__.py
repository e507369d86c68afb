"""What a run found, as lines of a terminal, a page and a document."""
