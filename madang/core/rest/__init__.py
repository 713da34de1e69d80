"""What every route of the API shares: who may call it, how it reads and writes JSON, and how it is documented."""
