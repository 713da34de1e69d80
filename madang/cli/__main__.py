"""`python -m madang.cli`, for where the package is not installed."""

from . import main

main()
