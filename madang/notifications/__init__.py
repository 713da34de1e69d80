"""Who is told of what: the list behind the bell, mails and digests, and the stream that open pages listen to."""
