#!/usr/bin/env bash
# Builds what the interposer is tested with, a driver and a resource manager that need no device, and runs the native tests: plainly, under
# the address and undefined-behaviour sanitizers, and under the thread sanitizer.
#
#   run.sh WORK [plain|memory|threads ...] [-- TEST ...]
#
#   WORK  folder of the programs
#   CC    the C11 compiler (default: gcc); without one, or with GBPF_NATIVE=none, nothing is tested, which is said
set -eu
here=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
sources=$here/../../main/c/gbpf_cuda
cc=${CC:-gcc}
if [[ ${GBPF_NATIVE:-all} == none || $(uname -s) != Linux ]] \
  || ! echo '#include <linux/futex.h>' | "$cc" -std=gnu11 -fsyntax-only -x c - 2>/dev/null; then
  echo "host-plane: skipped the interposer's native tests: no C11 compiler on Linux, or GBPF_NATIVE=none"
  exit 0
fi
mkdir -p "$1"
work=$(CDPATH='' cd -P -- "$1" && pwd)
shift
kinds=()
while (($# > 0)) && [[ $1 != -- ]]; do kinds+=("$1"); shift; done
(($# == 0)) || shift
((${#kinds[@]} > 0)) || kinds=(plain memory threads)
flags=(-std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -pthread -g1 -fPIC -fvisibility=hidden -I "$sources" -I "$here")

# says FILE TEXT...: whether the library's account of itself holds each.
says() {
  local file=$1 text
  shift
  for text in "$@"; do
    grep -qF -- "$text" "$file" || { echo "run.sh: not said: $text; see $file" >&2; exit 1; }
  done
}

# Programs that do not know of the interposer: it is preloaded. Only plainly: sanitizers must be loaded first.
preloaded() {
  local own=$work/plain/preloaded cuda=${CUDA_HOME:-/usr/local/cuda} library=$work/plain/libgbpf_cuda.so how options runtime
  mkdir -p "$own"
  "$cc" "${flags[@]}" -O2 -o "$own/program" "$here/runtime/preloaded_program.c" -ldl
  LD_LIBRARY_PATH=$work/plain LD_PRELOAD=$library:$work/plain/libfake_rm.so GBPF_CHECK=1 "$own/program" 2>"$own/program.log"
  says "$own/program.log" "launches 3, graphs 0" "wrappers given to who asked: 3," "unknown"
  LD_PRELOAD=$library GBPF_CHECK=1 bash -c : 2>"$own/other.log"
  says "$own/other.log" "wrappers given to who asked: 0, functions that matter and have none: 0" "would wrap cuLaunchKernel ("
  if [[ ! -f $cuda/include/cuda_runtime_api.h ]]; then
    echo "run.sh: skipped CUDA's runtime library, static and dynamic: no toolkit in $cuda"
    return
  fi
  if command -v g++ >/dev/null 2>&1; then
    g++ -std=c++20 -D_GNU_SOURCE -fsyntax-only -I "$sources" -isystem "$cuda/include" "$here/runtime/table_check.cpp"
    echo "table: as in $cuda/include/cuda.h"
  fi
  "$cc" "${flags[@]}" -O2 -shared -fvisibility=default -o "$own/libcuda.so.1" -Wl,-soname,libcuda.so.1 "$here/runtime/runtime_driver.c" \
    "$here/fake_defaults.c" -ldl
  runtime=$cuda/lib64
  [[ -d $runtime ]] || runtime=$cuda/targets/$(uname -m)-linux/lib
  for how in static dynamic; do
    options=(-l:libcudart.so)
    [[ $how == dynamic ]] || options=(-l:libcudart_static.a -lrt -ldl -lpthread)
    if ! "$cc" -O2 -I "$cuda/include" -o "$own/$how" "$here/runtime/runtime_program.c" -L "$runtime" "${options[@]}" 2>"$own/$how.build"; then
      echo "run.sh: skipped CUDA's runtime library, $how: it does not link; see $own/$how.build"
      continue
    fi
    LD_LIBRARY_PATH=$own:$runtime LD_PRELOAD=$library GBPF_CHECK=1 "$own/$how" 2>"$own/$how.log" >"$own/$how.out"
    says "$own/$how.log" "functions that matter and have none: 0"
    grep -qE 'wrappers given to who asked: [0-9]{3},' "$own/$how.log" \
      || { echo "run.sh: $how cudart was not given wrappers; see $own/$how.log" >&2; exit 1; }
    echo "cudart, $how: $(grep -o 'wrappers given to who asked: [0-9]*' "$own/$how.log")"
  done
}

for kind in "${kinds[@]}"; do
  case $kind in
    plain) own=(-O2) ;;
    memory) own=(-O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer) ;;
    threads) own=(-O1 -fsanitize=thread) ;;
    *) echo "run.sh: kind=$kind is none of plain, memory, threads" >&2; exit 2 ;;
  esac
  built=$work/$kind
  mkdir -p "$built/objects"
  # dlsym is called by the sanitizers' own start, before what they need is there.
  jobs=()
  for source in "$sources"/*.c; do
    object=$built/objects/${source##*/}.o
    if [[ $source == */dlsym.c ]]; then
      "$cc" "${flags[@]}" -O2 -ftls-model=initial-exec -c "$source" -o "$object" & jobs+=($!)
    else
      "$cc" "${flags[@]}" "${own[@]}" -ftls-model=initial-exec -c "$source" -o "$object" & jobs+=($!)
    fi
  done
  "$cc" "${flags[@]}" "${own[@]}" -shared -o "$built/libcuda.so.1" -Wl,-soname,libcuda.so.1 -fvisibility=default \
    "$here"/fake_cuda.c "$here"/fake_streams.c "$here"/fake_green.c "$here"/fake_memory.c "$here"/fake_defaults.c -ldl & jobs+=($!)
  "$cc" "${flags[@]}" "${own[@]}" -shared -o "$built/libfake_rm.so" -Wl,-soname,libfake_rm.so -fvisibility=default "$here"/fake_rm.c & jobs+=($!)
  for job in "${jobs[@]}"; do wait "$job"; done
  "$cc" "${flags[@]}" "${own[@]}" -shared -o "$built/libgbpf_cuda.so" -Wl,-soname,libgbpf_cuda.so -Wl,-z,nodelete "$built"/objects/*.o \
    -ldl -Wl,--version-script="$sources/libgbpf_cuda.map"
  # In the order in which symbols are searched: what is tested comes before the driver.
  "$cc" "${flags[@]}" "${own[@]}" -o "$built/tests" "$here"/main.c "$here"/daemon.c "$here"/*_tests.c -Wl,--no-as-needed \
    -L "$built" -lgbpf_cuda -lfake_rm -l:libcuda.so.1 -ldl -Wl,-rpath,"$built"
  echo "== $kind"
  TSAN_OPTIONS=halt_on_error=1 ASAN_OPTIONS=detect_leaks=0 timeout 600 "$built/tests" "$@"
  [[ $kind != plain ]] || (($# > 0)) || preloaded
done
