"""helm, kubectl and clusters, behind one command runner."""
