#!/usr/bin/env bash
# Measures colocation on this machine's GPU with the daemon of this build. Needs an NVIDIA GPU, PyTorch with torchvision, and gbpf on the PATH.
#
#   run.sh OUTPUT [REPETITIONS]
#
# Each line of a table has the baseline of the same run. Raw data goes to OUTPUT.
set -eu
here=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
output=${1:?usage: run.sh OUTPUT [REPETITIONS]}
reps=${2:-5}
work=$(mktemp -d)
export GBPF_SOCKET=$work/gbpf.sock GBPF_STATE=$work/state
mkdir -p "$output"
daemon="gbpf daemon --device interposed --scenario $here/tenants.yaml"
$daemon --policy latency_first >"$output/daemon.log" 2>&1 &
daemon_pid=$!
trap 'kill $daemon_pid 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 120); do [[ -S $GBPF_SOCKET.attach ]] && break; sleep 0.25; done
[[ -S $GBPF_SOCKET.attach ]] || { echo "run.sh: the daemon did not start; see $output/daemon.log" >&2; exit 1; }
nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
for policy in colocate stand_aside weighted_share; do gbpf policy load "$policy" >/dev/null; done
exec_with="gbpf exec --tenant {tenant} --class {class} --"
measure() { timeout 900 python3 "$here/measure.py" --gbpf "$exec_with" --mps --policies latency_first,colocate --reps "$reps" "$@"; }
measure --latency layers --best matmul --out "$output/layers-matmul"
measure --latency layers:graph --best resnet --mps-policies stand_aside --out "$output/graph-resnet"
measure --latency decode:graph --best gpt --seconds 3 --out "$output/decode-graph-gpt"
measure --latency decode --best gpt --seconds 6 --out "$output/decode-gpt"
if (($(nvidia-smi --list-gpus | wc -l) > 1)); then timeout 600 python3 "$here/collectives.py" --gbpf "$exec_with" | tee "$output/collectives.txt"; fi
kill $daemon_pid && wait $daemon_pid || true
timeout 900 python3 "$here/operate.py" --gbpf "$exec_with" --daemon "$daemon" --out "$output/operate"
