"""Administration: the first start, and staff pages."""
