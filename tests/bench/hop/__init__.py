"""One hop, outbox → broker → inbox and effect, in four hands."""
