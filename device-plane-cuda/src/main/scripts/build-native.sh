#!/usr/bin/env bash
# Builds the device plane's native code where there are compilers for it, and says what was skipped where there are not.
#
#   build-native.sh OUTPUT WORK
#
#   OUTPUT   folder of the results:
#              libgbpf_device_cpu.so   the device sources for the CPU (src/main/cuda/cpu), by g++
#              NAME.fatbin             whole programs (src/main/cuda/NAME.cu), by nvcc: machine code for TARGETS and PTX for later chips
#              NAME.fatbin             likewise, of programs whose kernels start kernels: machine code only, linked with the toolkit's device runtime
#              NAME.link.fatbin        what is linked by the driver, as relocatable device code of the same kinds: the control kernel and task functions
#              libNAME.so              task functions for the CPU
#              build.properties        what was built, by which compiler, or why not; dev.gbpf.cuda.build.NativeBuild reads it
#   WORK     folder of intermediate files and of the digests by which it knows what is up to date
#
#   CXX          the C++20 compiler (default: g++)
#   NVCC         CUDA's compiler, 12.0 or later (default: nvcc on the PATH, in CUDA_HOME, or in /usr/local/cuda)
#   GBPF_NATIVE  "cpu" builds for the CPU only, "none" builds nothing (default: all)
#
# A compiler that is missing or too old is no error; a source that does not compile is.
set -eu
export LC_ALL=C

TARGETS="80 90"
PTX=90
CXX_FLAGS=(-std=c++20 -O2 -Wall -Wextra -Werror -pthread -fPIC -fvisibility=hidden)
# 512 threads of a block share 65,536 registers; functions that the kernel calls are compiled for themselves and do not know.
NVCC_FLAGS=(-std=c++20 -O3 -maxrregcount 128 --threads 0 -Werror all-warnings)

script=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)/${BASH_SOURCE[0]##*/}
module=${script%/src/main/scripts/*}
sources=$module/src/main/cuda
mkdir -p "$1" "$2"
output=$(CDPATH='' cd -P -- "$1" && pwd)
work=$(CDPATH='' cd -P -- "$2" && pwd)
wanted=${GBPF_NATIVE:-all}
tasks=(bench_tasks)     # libraries of task functions: src/main/cuda/bench/NAME.cu
programs=(probe)        # src/main/cuda/NAME.cu that are loaded as they are
starters=(launches)     # and those whose kernels start kernels
linked=(control_kernel) # and those that are linked with task functions

digest() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi
}

# digest_of KEY FIND-ARGUMENTS...: of the script, KEY, and the names and contents of the sources that find gives.
digest_of() {
  {
    echo "$1"
    cat -- "$script"
    (cd "$sources" && find . -type f "${@:2}" | sort | xargs tail -v -n +1)
  } | digest
}

# up_to_date NAME DIGEST FILE...: whether FILEs are what DIGEST made; if not, forgets what did.
up_to_date() {
  local stamp=$work/$1.digest file
  for file in "${@:3}"; do
    [[ -f $file ]] || { rm -f "$stamp"; return 1; }
  done
  [[ -f $stamp && $(<"$stamp") == "$2" ]] || { rm -f "$stamp"; return 1; }
}

say() {
  echo "device-plane-cuda: $*"
}

# Each of the next two sets REPLY to why its compiler cannot be used, empty when it can.
check_cxx() {
  cxx=${CXX:-g++}
  REPLY=
  if [[ $wanted == none ]]; then
    REPLY="GBPF_NATIVE=none was set when gBPF was built"
  elif ! command -v "$cxx" >/dev/null 2>&1; then
    REPLY="$cxx was not found when gBPF was built; install g++ 11 or later"
  elif ! echo '#include <concepts>' | "$cxx" -std=c++20 -fsyntax-only -x c++ - >/dev/null 2>&1; then
    REPLY="$cxx does not compile C++20; install g++ 11 or later"
  fi
}

check_nvcc() {
  local version
  REPLY=
  nvcc=${NVCC:-nvcc}
  if [[ -z ${NVCC:-} ]] && ! command -v nvcc >/dev/null 2>&1; then
    for nvcc in "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" /usr/local/cuda/bin/nvcc; do
      [[ ! -x $nvcc ]] || break
    done
  fi
  if [[ $wanted != all ]]; then
    REPLY="GBPF_NATIVE=$wanted was set when gBPF was built"
  elif ! command -v "$nvcc" >/dev/null 2>&1; then
    REPLY="nvcc was not found when gBPF was built; install the CUDA toolkit 12.0 or later, or name its nvcc by NVCC"
  else
    version=$("$nvcc" --version 2>/dev/null | sed -n 's/.*release \([0-9]*\)\..*/\1/p')
    if ((${version:-0} < 12)); then
      REPLY="$nvcc is of CUDA ${version:-(unknown)}; install the CUDA toolkit 12.0 or later"
    elif ! echo '#include <concepts>' | "$cxx" -std=c++20 -fsyntax-only -x c++ - >/dev/null 2>&1; then
      REPLY="nvcc needs a host compiler of C++20; install g++ 11 or later"
    fi
  fi
}

build_cpu() {
  local library=$output/libgbpf_device_cpu.so version now name results=("$output/libgbpf_device_cpu.so")
  version=$("$cxx" --version | head -n 1)
  now=$(digest_of "$version ${CXX_FLAGS[*]}" ! \( -name '*.cu' ! -path './bench/*' \))
  for name in "${tasks[@]}"; do results+=("$output/lib$name.so"); done
  if ! up_to_date cpu "$now" "${results[@]}"; then
    say "compiling for the CPU with $version"
    "$cxx" "${CXX_FLAGS[@]}" -I "$sources" -ffile-prefix-map="$sources"= -shared -o "$work/cpu.so" "$sources"/cpu/*.cpp
    for name in "${tasks[@]}"; do
      "$cxx" "${CXX_FLAGS[@]}" -I "$sources" -ffile-prefix-map="$sources"= -shared -o "$work/tasks.so" -x c++ "$sources/bench/$name.cu"
      mv -f "$work/tasks.so" "$output/lib$name.so"
    done
    mv -f "$work/cpu.so" "$library"
    echo "$now" >"$work/cpu.digest"
  fi
  printf 'cpu.state=built\ncpu.compiler=%s\n' "$version" >>"$work/build.properties"
}

# compile_cuda SOURCE RESULT FLAGS...: with build_cuda's compiler and targets
compile_cuda() {
  say "compiling ${1##*/} with nvcc, $version"
  "$nvcc" "${NVCC_FLAGS[@]}" "${targets[@]}" -ccbin "$cxx" -I "$sources" "${@:3}" -fatbin -o "$work/$2" "$1"
  mv -f "$work/$2" "$output/"
}

build_cuda() {
  local version now name results=() targets=() target
  version=$("$nvcc" --version | sed -n 's/^Cuda compilation tools, //p')
  for target in $TARGETS; do
    targets+=(-gencode "arch=compute_$target,code=sm_$target")
  done
  targets+=(-gencode "arch=compute_$PTX,code=compute_$PTX")
  for name in "${programs[@]}" "${starters[@]}"; do results+=("$output/$name.fatbin"); done
  for name in "${linked[@]}" "${tasks[@]}"; do results+=("$output/$name.link.fatbin"); done
  now=$(digest_of "$version ${NVCC_FLAGS[*]} ${targets[*]}" ! -path './cpu/*')
  if ! up_to_date cuda "$now" "${results[@]}"; then
    rm -f "$output"/*.fatbin
    for name in "${programs[@]}"; do compile_cuda "$sources/$name.cu" "$name.fatbin"; done
    for name in "${starters[@]}"; do compile_cuda "$sources/$name.cu" "$name.fatbin" -rdc=true -dlink -lcudadevrt; done
  for name in "${linked[@]}"; do compile_cuda "$sources/$name.cu" "$name.link.fatbin" -rdc=true; done
    for name in "${tasks[@]}"; do compile_cuda "$sources/bench/$name.cu" "$name.link.fatbin" -rdc=true; done
    echo "$now" >"$work/cuda.digest"
  fi
  printf 'cuda.state=built\ncuda.compiler=nvcc, %s\ncuda.targets=%s\ncuda.ptx=%s\ncuda.programs=%s\ncuda.linked=%s\n' \
    "$version" "$TARGETS" "$PTX" "${programs[*]}" "${linked[*]} ${tasks[*]}" >>"$work/build.properties"
}

# skip KIND REASON FILE...: no results, and why.
skip() {
  say "skipped $1: $2"
  rm -f "${@:3}" "$work/$1.digest"
  printf '%s.state=skipped\n%s.reason=%s\n' "$1" "$1" "$2" >>"$work/build.properties"
}

: >"$work/build.properties"
check_cxx
if [[ -n $REPLY ]]; then skip cpu "$REPLY" "$output"/*.so; else build_cpu; fi
check_nvcc
if [[ -n $REPLY ]]; then skip cuda "$REPLY" "$output"/*.fatbin; else build_cuda; fi
cmp -s "$work/build.properties" "$output/build.properties" || cp "$work/build.properties" "$output/build.properties"
