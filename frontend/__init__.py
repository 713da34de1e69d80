"""The sources of the stylesheet and the script, and what bundles them."""
