"""The dump of a site in the format of Stack Exchange."""
