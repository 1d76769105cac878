#!/usr/bin/env bash
# Makes the objects of this folder again, which are committed so that the reader is tested where there is no clang:
# each C file for each version of the instruction set, without DWARF (BTF stays).
set -eu
cd "$(dirname -- "${BASH_SOURCE[0]}")"
include=../../../../../policies/include
for source in *.c; do
  for cpu in v1 v2 v3 v4; do
    object=${source%.c}.$cpu.o
    clang-19 -target bpf -O2 -g -mcpu=$cpu -Wall -Wextra -Werror -fdebug-compilation-dir=. -I "$include" -c "$source" -o "$object"
    llvm-strip-19 --strip-debug "$object"
  done
done
