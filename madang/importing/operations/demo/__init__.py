"""Content that nobody wrote: made of word lists, for trying Madang out and for measuring it."""
