"""The web edge: request lifecycle, current actor, CSRF, error pages, rate limits, URLs, templates, forms, fragments."""
