#!/usr/bin/env bash
# Measures what the interposer adds to a launch.  bench.sh WORK
set -eu
here=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
sources=$here/../../../main/c/gbpf_cuda
mkdir -p "$1"
work=$(CDPATH='' cd -P -- "$1" && pwd)
"$here/../../../main/scripts/build-interposer.sh" "$work" "$work/build"
flags=(-std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -pthread -I "$sources" -I "$here/..")
"${CC:-gcc}" "${flags[@]}" -fPIC -shared -o "$work/libcuda.so.1" -Wl,-soname,libcuda.so.1 "$here/bench_driver.c"
"${CC:-gcc}" "${flags[@]}" -o "$work/bench_gate" "$here/bench_gate.c" "$here/../daemon.c" -ldl
LD_LIBRARY_PATH=$work "$work/bench_gate" "$work/libgbpf_cuda.so"
