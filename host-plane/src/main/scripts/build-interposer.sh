#!/usr/bin/env bash
# Builds libgbpf_cuda.so, what applications under policy preload, where there is gcc; and says so where there is none.
#
#   build-interposer.sh OUTPUT WORK
#
#   OUTPUT   folder of the library and of build.properties: interposer.state=built|skipped, with the compiler or the reason
#   WORK     folder of intermediate files and of the digest by which it knows what is up to date
#
#   CC           the C11 compiler (default: gcc)
#   GBPF_NATIVE  "none" builds nothing
#
# Neither CUDA nor a GPU is needed. A compiler that is missing is no error; a source that does not compile is.
set -eu
export LC_ALL=C

# No thread-local storage but the loader's own block: the library is there from the start, and its accesses are plain loads.
FLAGS=(-std=gnu11 -D_GNU_SOURCE -O2 -g1 -fPIC -fvisibility=hidden -fno-plt -ftls-model=initial-exec -Wall -Wextra -Werror -pthread)
LINK=(-shared -Wl,-soname,libgbpf_cuda.so -Wl,-z,defs -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now -ldl)

script=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)/${BASH_SOURCE[0]##*/}
sources=${script%/scripts/*}/c/gbpf_cuda
mkdir -p "$1" "$2"
output=$(CDPATH='' cd -P -- "$1" && pwd)
work=$(CDPATH='' cd -P -- "$2" && pwd)
library=$output/libgbpf_cuda.so
cc=${CC:-gcc}

skip() {
  echo "host-plane: skipped libgbpf_cuda.so: $1"
  rm -f "$library" "$work/interposer.digest"
  printf 'interposer.state=skipped\ninterposer.reason=%s\n' "$1" >"$output/build.properties"
  exit 0
}

if [[ ${GBPF_NATIVE:-all} == none ]]; then
  skip "GBPF_NATIVE=none was set when gBPF was built"
elif [[ $(uname -s) != Linux ]]; then
  skip "CUDA applications are preloaded on Linux only"
elif ! command -v "$cc" >/dev/null 2>&1; then
  skip "$cc was not found when gBPF was built; install gcc 10 or later"
elif ! echo '#include <linux/futex.h>' | "$cc" -std=gnu11 -fsyntax-only -x c - >/dev/null 2>&1; then
  skip "$cc does not compile C11 with the kernel's headers; install gcc 10 or later and linux-libc-dev"
fi
version=$("$cc" --version | head -n 1)
now=$({ echo "$version ${FLAGS[*]} ${LINK[*]}"; cat -- "$script"; cd "$sources"; find . -type f | sort | xargs tail -v -n +1; } | sha256sum)
if [[ ! -f $library || ! -f $work/interposer.digest || $(<"$work/interposer.digest") != "$now" ]]; then
  echo "host-plane: compiling libgbpf_cuda.so with $version"
  "$cc" "${FLAGS[@]}" -ffile-prefix-map="$sources"= -o "$work/libgbpf_cuda.so" "$sources"/*.c \
    "${LINK[@]}" -Wl,--version-script="$sources/libgbpf_cuda.map"
  mv -f "$work/libgbpf_cuda.so" "$library"
  echo "$now" >"$work/interposer.digest"
fi
printf 'interposer.state=built\ninterposer.compiler=%s\n' "$version" >"$output/build.properties"
