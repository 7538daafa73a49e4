"""What there is to know about containerd's configuration, apart from the step that changes it."""
