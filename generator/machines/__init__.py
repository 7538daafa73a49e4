"""What a machine needs before it joins: kubeadm, RKE2 and k3s configurations, names, firewall, NFS, a script.

`files.py` puts it all together; every other module makes one kind of file from the profile.
"""
