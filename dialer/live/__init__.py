"""Campaigns beside the running house: one greenlet that steps them, one that waits for the database in a thread."""
