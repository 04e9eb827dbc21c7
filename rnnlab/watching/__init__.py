"""What is read of a running run."""
