/* A program of CUDA's runtime library, which finds the driver by itself. */
#include <cuda_runtime_api.h>
#include <stdio.h>

int main(void) {
    printf("cudaFree: %d\n", (int)cudaFree(0));
    return 0;
}
