"""Reads a catalogue's file in the layout in which it is published (R-3)."""

from planning.wire.published.reading import read

__all__ = ["read"]
