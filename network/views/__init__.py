"""The pages of the network; each part has its own module."""
