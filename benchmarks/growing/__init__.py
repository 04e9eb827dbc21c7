"""The parts of `benchmarks.growth`: how time and memory grow with the size of what is done."""
