"""The editors' side of shared practices: the queue, the review, what follows from it, and what it costs in mails."""
