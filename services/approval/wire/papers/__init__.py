"""Papers as files: the same paper gives the same bytes, on any day."""
