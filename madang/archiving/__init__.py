"""What outlives a server: the public content as a dump that other programs read."""
