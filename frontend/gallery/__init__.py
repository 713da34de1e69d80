"""Every component with believable content, drawn by the real templates: `python -m frontend.gallery` serves it."""
