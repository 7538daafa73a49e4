#!/bin/sh
# Runs the node agent from time to time, as one process: this shell becomes Python, and Python this shell again. So
# between two runs a single shell is all that is in memory, without even a `sleep` beside it.
# loop.sh        starts
# loop.sh rest   waits for the alarm that run.py has set; a timer outlives exec, and so does descriptor 9
set -u

work=/run/node-prep

run() {
    # The timer goes on until Python stops it.
    trap '' ALRM
    exec python3 "$work/now/run.py" "$@"
}

if [ "${1:-}" = rest ]; then
    trap 'exit 0' TERM INT
    trap 'run "$MODE"' ALRM
    # A pipe that nobody writes to: only a signal ends this.
    # shellcheck disable=SC2034
    while read -r nothing; do :; done <&9
    run "$MODE"
fi

# A copy: the mounted files change under a running agent when the ConfigMaps do. Python keeps its bytecode here.
rm -rf "$work/now" "$work/ran"
mkdir -p "$work/now" "$work/metrics"
cp -RL /etc/node-prep/* "$work/now/"

# The agent does not repeat a plan that failed. A new pod may, once: whoever mended the node deletes the old one.
# The mark outlives a restart of the container, so that a run that is killed for its memory is not repeated for ever.
if [ -e "$work/started" ]; then
    run "$MODE"
fi
: >"$work/started"
run "$MODE" --retry
