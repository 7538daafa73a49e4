#!/usr/bin/env bash
# Debian packages that tests need and no package client of a language has. As root on Debian they are installed;
# elsewhere this says what is missing, and the tests that need it are skipped.
set -euo pipefail

# command  package             why
wanted="
shellcheck      shellcheck         # lints our scripts
mmdebstrap      mmdebstrap         # makes the file system of the machines under test
systemd-nspawn  systemd-container  # boots them
containerd      containerd         # 1.6, the oldest that node preparation must suit; 2.2 is built
ip              iproute2           # network namespaces, in which clusters live
nsenter         util-linux         # enters them
ssh             openssh-client     # logs in to the machines under test
gcc             gcc                # nvidia-ctk loads a C library
"

missing=()
while read -r command package _; do
  [ -z "$command" ] || command -v "$command" >/dev/null || missing+=("$package")
done <<<"$wanted"

[ "${#missing[@]}" -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "not installed, so some tests are skipped: ${missing[*]}" >&2
  exit 0
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
