"""Typed values become files: planned first, written at once or not at all."""
