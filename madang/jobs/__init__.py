"""Pages and API of a person's background jobs: progress, results, cancelling and retrying."""
