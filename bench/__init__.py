"""Measures the program at a size: `make bench`, figures in docs/benchmarks.md."""
