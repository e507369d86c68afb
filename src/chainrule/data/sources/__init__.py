"""Where data comes from: a module per kind of source."""
