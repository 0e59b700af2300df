"""Sharing a practice without an account: the start, the steps of the form, and the sender's private page."""
