"""Administration: site setup, staff pages, staff log, installation checks."""
