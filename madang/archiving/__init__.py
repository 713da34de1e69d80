"""What outlives a server: the public content as plain HTML for people, and as a dump for programs."""
