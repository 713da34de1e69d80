"""The files of deploy/, run as on a server."""
