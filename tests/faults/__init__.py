"""Fault injection: killing processes at random times, and stopping and starting Redis."""
