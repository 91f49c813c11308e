# Shared by the scripts beside it: `part NAME COMMAND...` runs a part, says its time, keeps failures.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
cd "$root" || exit 1
PATH="$root/.venv/bin:$PATH"
export PATH PYTHONUTF8=1 THUDO_SECRET_KEY="${THUDO_SECRET_KEY:-tests-only}"
failed=""
times=""

part() {
    part_name=$1
    shift
    echo "== $part_name"
    part_begin=$(date +%s)
    "$@" || failed="$failed $part_name"
    times="$times$(printf '%5d s  %s' $(($(date +%s) - part_begin)) "$part_name")
"
}

finish() {
    printf '\nTimes\n%s' "$times"
    [ -z "$failed" ] || { echo "Failed:$failed"; exit 1; }
}
