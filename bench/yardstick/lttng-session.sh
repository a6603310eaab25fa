# Has LTTng-UST record lttng-events.c in folder $1, of sources in $2, in $3 rounds of $4 events; prints the
# processor time of each round. The session daemon is of its own and lives in $1.
set -eu
folder=$1
sources=$2
export LTTNG_HOME="$folder" HOME="$folder"
cd "$folder"
gcc -O2 -I "$sources" -o events "$sources/lttng-events.c" -llttng-ust -ldl
lttng-sessiond --daemonize --no-kernel --pidfile "$folder/pid" >/dev/null
trap 'kill "$(cat "$folder/pid")"' EXIT
lttng --quiet create bench --output="$folder/trace"
lttng --quiet enable-channel --userspace channel --subbuf-size=131072 --num-subbuf=16
lttng --quiet enable-event --userspace --channel=channel 'bench:*'
lttng --quiet start
round=0
while [ "$round" -lt "$3" ]; do
	./events "$4"
	round=$((round + 1))
done
lttng --quiet stop
lttng --quiet destroy
