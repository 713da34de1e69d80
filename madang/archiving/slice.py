"""The manifest of archiving: its commands are imported by the command line when one is called."""

from madang.core.slice import Slice

SLICE = Slice(name="archiving")
