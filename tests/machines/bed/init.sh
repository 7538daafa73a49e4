#!/bin/sh
# The first process of a machine: opens what systemd-nspawn left read-only, then becomes systemd.
set -e

# The machine has a cgroup namespace of its own; systemd and the kubelet must be able to write in it.
for hierarchy in /sys/fs/cgroup/*/; do mount -o remount,bind,rw "$hierarchy"; done
mount -o remount,bind,rw /proc/sys

# vm, fs and kernel settings exist once per kernel, not once per machine. A copy stands in for them, so that a
# machine can set and read its own and changes nothing on the host. net.* belongs to the network namespace and
# stays real.
copy=/opt/bed/sysctl
mkdir -p $copy
mount -t tmpfs -o mode=755 sysctl $copy
cp --recursive --one-file-system /proc/sys/vm /proc/sys/fs /proc/sys/kernel $copy 2>/dev/null || true
mkdir $copy/real
mount --rbind /proc/sys $copy/real
# Or unmounting it below would be repeated where it came from.
mount --make-rprivate $copy/real
for part in vm fs kernel; do mount --bind $copy/$part /proc/sys/$part; done
# These are per namespace, or must stay alive.
for name in hostname domainname random ns_last_pid shmall shmmax shmmni shm_rmid_forced msgmax msgmnb msgmni sem; do
    mount --rbind "$copy/real/kernel/$name" "/proc/sys/kernel/$name"
done
mount --rbind $copy/real/fs/mqueue /proc/sys/fs/mqueue
umount --lazy $copy/real

exec /lib/systemd/systemd
