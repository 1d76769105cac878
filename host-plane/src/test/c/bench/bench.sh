#!/usr/bin/env bash
# Measures what the interposer adds to a launch, and how long an application waits for a daemon that is gone.  bench.sh WORK
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
lease=$work/lease
mkdir -p "$lease"
"${CC:-gcc}" "${flags[@]}" -fPIC -shared -o "$lease/libcuda.so.1" -Wl,-soname,libcuda.so.1 "$here"/../fake_{cuda,streams,green,memory,defaults}.c -ldl
"${CC:-gcc}" "${flags[@]}" -fPIC -shared -o "$lease/libfake_rm.so" -Wl,-soname,libfake_rm.so "$here/../fake_rm.c"
"${CC:-gcc}" "${flags[@]}" -o "$lease/bench_lease" "$here/bench_lease.c" "$here/../daemon.c" -Wl,--no-as-needed -L "$lease" -L "$work" -lgbpf_cuda \
  -lfake_rm -l:libcuda.so.1 -ldl -Wl,-rpath,"$lease:$work"
GBPF_ATTACH=$lease/attach "$lease/bench_lease"
