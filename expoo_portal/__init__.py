"""The portal: what every app stands on, and the front door."""

__version__ = "0.1.0"
