"""The manifest of backups: their commands are imported by the command line when one is called."""

from madang.core.slice import Slice

from . import jobs

SLICE = Slice(name="backups", jobs=[jobs])
