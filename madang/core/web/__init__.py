"""The edge of pages: requests and who asks, CSRF, error pages, rate limits, addresses, templates, forms, fragments."""
