"""Demonstration content generated from word lists, for trying Madang out and for benchmarks."""
