"""Groups of people: administrators make them, people join them; other slices give them rights."""
