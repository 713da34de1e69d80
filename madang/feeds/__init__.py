"""What the site says of itself: feeds, the map for search engines, a page about it."""
