"""Tests on real machines: systemd, containerd, kubeadm and kubelet, each machine a container of its own."""
