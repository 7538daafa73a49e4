#!/bin/sh
# Runs the node agent from time to time. Between two runs only this shell and a `sleep` are in memory.
# Needs MODE, INTERVAL, JITTER and RETRY (seconds); what it runs is in /etc/node-prep.
set -u

work=/run/node-prep
child=
stopping=

# shellcheck disable=SC2317  # the trap calls it
stop() {
    stopping=yes
    [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}
trap stop TERM INT

# Runs a command to its end; a signal is passed on, and its way back is waited for.
follow() {
    "$@" &
    child=$!
    while :; do
        wait "$child"
        code=$?
        kill -0 "$child" 2>/dev/null || break
    done
    child=
    return "$code"
}

pause() {
    [ "$1" -eq 0 ] || [ -n "$stopping" ] || follow sleep "$1"
}

jitter() {
    number=$(od -An -N2 -tu2 /dev/urandom)
    echo $((number % (JITTER + 1)))
}

# A copy: the mounted files change under a running agent when the ConfigMaps do. Python keeps its bytecode here.
rm -rf "$work/now" "$work/ran"
mkdir -p "$work/now" "$work/metrics"
cp -RL /etc/node-prep/* "$work/now/"

# The agent does not repeat a plan that failed. A new pod may, once: whoever mended the node deletes the old one.
# The mark outlives a restart of the container, so that a run that is killed for its memory is not repeated for ever.
first=--retry
[ ! -e "$work/started" ] || first=
: >"$work/started"

while [ -z "$stopping" ]; do
    follow python3 "$work/now/run.py" "$MODE" $first
    code=$?
    first=
    [ -z "$stopping" ] || break
    # 6: another node has its turn, or a drain is blocked. Undo tries until it is done: the chart may go only then.
    case $MODE:$code in
    undo:0) rest=$INTERVAL && : >"$work/ran" ;;
    undo:*) rest=$RETRY ;;
    *:6) rest=$RETRY && : >"$work/ran" ;;
    *) rest=$INTERVAL && : >"$work/ran" ;;
    esac
    pause $((rest + $(jitter) * rest / INTERVAL))
done
exit 0
