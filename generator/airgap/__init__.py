"""Machines without network: what is pulled, from where, and how it gets there."""
