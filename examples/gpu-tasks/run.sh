#!/usr/bin/env bash
# Compiles axpy.cu and runs it from Java.
#
#   run.sh [cpu|gpu]   cpu: the device plane's build for the CPU, by g++; gpu: the first GPU, by nvcc (default: gpu where there is nvidia-smi)
set -eu
here=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(CDPATH='' cd -P -- "$here/../.." && pwd)
device=${1:-$(if command -v nvidia-smi >/dev/null 2>&1; then echo gpu; else echo cpu; fi)}
headers=$root/device-plane-cuda/src/main/cuda
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

"$root/gbpf" --version >/dev/null # builds target/lib where it is not there
. "$root/distribution/find-jdk.sh"
find_jdk_25
case $device in
  cpu)
    code=$work/libaxpy.so
    "${CXX:-g++}" -std=c++20 -O2 -shared -fPIC -I "$headers" -I "$headers/include" -o "$code" -x c++ "$here/axpy.cu"
    ;;
  gpu)
    code=$work/axpy.ptx
    "${NVCC:-nvcc}" -std=c++20 -O3 -rdc=true -ptx -arch=compute_80 -I "$headers" -I "$headers/include" -o "$code" "$here/axpy.cu"
    ;;
  *)
    echo "run.sh: device=$device is not known; write cpu or gpu" >&2
    exit 2
    ;;
esac
"$JDK/bin/java" --enable-native-access=ALL-UNNAMED -cp "$root/target/lib/*" "$here/GpuTasks.java" "$device" "$code"
