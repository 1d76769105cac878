/* A program that does not know of the interposer, and finds the driver as CUDA's runtime library does. */
#include <dlfcn.h>
#include <stdio.h>

#include "cuda_types.h"

int main(void) {
    void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return 1;
    CUresult (*find)(const char *, void **, int, uint64_t, int *)
        = (CUresult(*)(const char *, void **, int, uint64_t, int *))dlsym(library, "cuGetProcAddress_v2");
    CUfunction (*kernel)(const char *, uint64_t) = (CUfunction(*)(const char *, uint64_t))dlsym(library, "fake_kernel");
    void *init = NULL;
    void *launch = NULL;
    int status;
    if (find("cuInit", &init, 13000, 0, &status) != 0 || find("cuLaunchKernel", &launch, 13000, 0, &status) != 0) return 2;
    if (((CUresult(*)(unsigned))init)(0) != 0) return 3;
    for (int i = 0; i < 3; i++)
        if (((CUresult(*)(CUfunction, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, CUstream, void **, void **))launch)(
                kernel("kernel", 1), 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL)
            != 0)
            return 4;
    return 0;
}
