"""What a worker loads, keeps, executes and answers."""
