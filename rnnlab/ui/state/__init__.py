"""What one visitor's session holds, and the link that says it."""
