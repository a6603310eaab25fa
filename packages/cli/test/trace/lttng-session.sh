# Records lttng-program.c with LTTng-UST into $1/trace, by a session daemon of its own that lives in $1.
set -eu
folder=$1
sources=$2
export LTTNG_HOME="$folder" HOME="$folder"
cd "$folder"
gcc -I "$sources" -o program "$sources/lttng-program.c" -llttng-ust -ldl
lttng-sessiond --daemonize --no-kernel --pidfile "$folder/pid" >/dev/null
trap 'kill "$(cat "$folder/pid")"' EXIT
lttng --quiet create lab --output="$folder/trace"
lttng --quiet enable-channel --userspace channel --subbuf-size=16384 --num-subbuf=8
lttng --quiet enable-event --userspace --channel=channel 'lab:*'
lttng --quiet add-context --userspace --channel=channel --type=vpid --type=vtid --type=procname
lttng --quiet start
./program
lttng --quiet stop
lttng --quiet destroy
