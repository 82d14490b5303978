# Holds the processes that one run started, and its folder ($1; empty = keep it).
# Reads `add PID STARTED SIGNAL` and `gone PID STARTED` lines. When the lines end,
# because the run ended or was killed, what is left is stopped, last one first.
trap '' INT TERM HUP
left=""

# The same number with another start time is another process; Z has ended already.
lives() {
    now=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f1,20)
    [ "${now#* }" = "$2" ] && [ "${now%% *}" != Z ]
}

while read -r word pid at signal; do
    case $word in
        add) left="$pid:$at:$signal $left" ;;
        gone) left=$(printf '%s' "$left" | tr ' ' '\n' | grep -v "^$pid:$at:" | tr '\n' ' ') ;;
    esac
done

for each in $left; do
    pid=${each%%:*}
    rest=${each#*:}
    at=${rest%%:*}
    lives "$pid" "$at" || continue
    kill "-${rest#*:}" "$pid"
    waited=0
    while lives "$pid" "$at" && [ "$waited" -lt 100 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    if lives "$pid" "$at"; then kill -KILL "$pid"; fi
done
if [ -n "$1" ]; then rm -rf "$1"; fi
