"""What the server adds to every answer, and its lab."""
