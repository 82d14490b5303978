# Holds the test server: $1 programs, $2 data folder, $3 port, $4 meeting folder.
# Every test process holds a shared lock on $4/users while it lives.
trap '' INT TERM HUP
exec >"$2/log" 2>&1
"$1/initdb" -D "$2/data" -U postgres --auth=trust --no-sync -E UTF8 --locale=C || exit 1
"$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c fsync=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB &
server=$!
idle=0
while sleep 1 && kill -0 "$server"; do
    flock -xn "$4/users" true || { idle=0; continue; }
    idle=$((idle + 1))
    [ "$idle" -ge 5 ] || continue
    # Whoever joins holds `starting` while it takes its lock: this look is final.
    exec 8>>"$4/starting"
    flock -x 8
    if flock -xn "$4/users" true; then
        rm -f "$4/port"
        break
    fi
    exec 8>&-
    idle=0
done
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
