"""What a team writes: the typed profile, and the loader that keeps positions."""
