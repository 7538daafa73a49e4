"""The base layer as files: values, a plan, and what helmfile, Argo CD and Flux read."""
