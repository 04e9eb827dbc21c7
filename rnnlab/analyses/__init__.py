"""What may be asked of a trained network, one file a question."""
