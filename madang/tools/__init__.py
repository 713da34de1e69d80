"""Tools beside the board that run as background jobs: a word counter and sending e-mail."""
