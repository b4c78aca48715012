"""Guest lists: read from whatever was pasted, and held against whom I know."""
