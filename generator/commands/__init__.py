"""One thin module for each command; what a command does lives elsewhere."""
