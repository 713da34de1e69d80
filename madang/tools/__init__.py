"""Things that the site does for people besides the board: counting words, sending an e-mail."""
