"""Real Prometheus and prometheus-operator in a local cluster's network; exporters that are none."""
