#!/usr/bin/env bash
# Builds the native tests of the device plane and runs them: plainly, under the address and undefined-behaviour sanitizers, and under
# the thread sanitizer.
#
#   run.sh WORK [plain|memory|threads ...] [-- TEST ...]
#
#   WORK  folder of the programs
#   CXX   the C++20 compiler (default: g++); without one, or with GBPF_NATIVE=none, nothing is tested, which is said
set -eu
here=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
if [[ ${GBPF_NATIVE:-all} == none ]] || ! echo '#include <concepts>' | "${CXX:-g++}" -std=c++20 -fsyntax-only -x c++ - 2>/dev/null; then
  echo "device-plane-cuda: skipped the native tests: no C++20 compiler, or GBPF_NATIVE=none"
  exit 0
fi
mkdir -p "$1"
work=$1
shift
kinds=()
while (($# > 0)) && [[ $1 != -- ]]; do kinds+=("$1"); shift; done
(($# == 0)) || shift
((${#kinds[@]} > 0)) || kinds=(plain memory threads)
flags=(-std=c++20 -Wall -Wextra -Werror -pthread -g -I "$here/../../main/cuda")
for kind in "${kinds[@]}"; do
  case $kind in
    plain) own=(-O2) ;;
    memory) own=(-O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer) ;;
    threads) own=(-O1 -fsanitize=thread) ;;
    *) echo "run.sh: kind=$kind is none of plain, memory, threads" >&2; exit 2 ;;
  esac
  objects=$work/objects-$kind
  rm -rf "$objects"
  mkdir -p "$objects"
  printf '%s\0' "$here"/*.cpp | (cd "$objects" && xargs -0 -n 1 -P "$(nproc)" "${CXX:-g++}" "${flags[@]}" "${own[@]}" -c)
  "${CXX:-g++}" "${own[@]}" -pthread -o "$work/tests-$kind" "$objects"/*.o
  echo "== $kind"
  TSAN_OPTIONS=halt_on_error=1 timeout 600 "$work/tests-$kind" "$@"
done
