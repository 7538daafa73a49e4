"""Every name that others read: annotations, condition, lease phases, file names."""

from __future__ import annotations

PREFIX = "labhelm.io"
CONDITION = "NodePrepared"

ANNOTATION_PLAN = f"{PREFIX}/node-prep-plan"  # hash of what is wanted, once the node is so
ANNOTATION_VERSION = f"{PREFIX}/node-prep-version"  # version of the agent
ANNOTATION_DRIVER = f"{PREFIX}/node-prep-driver"  # NVIDIA driver version found
ANNOTATION_CORDONED = f"{PREFIX}/node-prep-cordoned"  # present: the cordon is ours, so is its removal
ANNOTATION_PHASE = f"{PREFIX}/phase"  # on the Lease: draining, changing, failed
ANNOTATION_REASON = f"{PREFIX}/reason"  # on the Lease: why it is held

PHASE_DRAINING = "draining"
PHASE_CHANGING = "changing"
PHASE_FAILED = "failed"

CPU_BEFORE = "NODE_PREP_CPU_BEFORE"  # environment: CPU seconds of this process before this run

STATE_DIR = "/var/lib/labhelm/node-prep"
SYSCTL_FILE = "/etc/sysctl.d/99-labhelm.conf"
INOTIFY_FILE = "/etc/sysctl.d/99-labhelm-inotify.conf"
MODULES_FILE = "/etc/modules-load.d/labhelm.conf"
CONTAINERD_DROP_IN = "zz-labhelm.toml"  # sorts after 99-nvidia.toml: the last file wins
KUBELET_DROP_IN = "90-labhelm.conf"
SSHD_DROP_IN = "/etc/ssh/sshd_config.d/10-labhelm.conf"  # the first value counts
HEADER = "# Written by the Labhelm node agent. Changes are lost; `undo` removes or restores this file.\n"
