"""The contestants of the benchmarks, each a command that `benchmarks.contestants.Peer` starts."""
