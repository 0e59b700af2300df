"""Practices in and out by file: xlsx, csv and JSON, for editors. What is read and written are cells of text."""
