"""What happens when processes die at any moment, and when Redis comes and goes: with real processes alone."""
