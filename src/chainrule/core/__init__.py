"""What everything stands on: the row of an operation and the interpreters that run it."""
