"""The process that holds warm workers and gives them the queued runs."""
