"""The closed groups."""
