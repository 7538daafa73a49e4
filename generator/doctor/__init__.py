"""Is a living cluster as its profile says? `reading.py` looks, `checks` compare, `report.py` tells."""
