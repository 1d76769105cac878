/* A libnvidia-ml.so.1 without a GPU, for tests of what calls it: one GPU, of which the memory's clock is not known. */
#include <stdio.h>
#include <string.h>

enum { NOT_SUPPORTED = 3, NOT_FOUND = 6 };

static int gpu;

int nvmlInit_v2(void) {
    return 0;
}

int nvmlShutdown(void) {
    return 0;
}

int nvmlSystemGetDriverVersion(char *version, unsigned bytes) {
    snprintf(version, bytes, "580.159.04");
    return 0;
}

int nvmlDeviceGetHandleByUUID(const char *uuid, void **device) {
    *device = &gpu;
    return strcmp(uuid, "GPU-f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff") == 0 ? 0 : NOT_FOUND;
}

int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius) {
    *celsius = 41;
    return device == &gpu && sensor == 0 ? 0 : NOT_SUPPORTED;
}

int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) {
    *milliwatts = 123456;
    return device == &gpu ? 0 : NOT_SUPPORTED;
}

int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) {
    *milliwatts = 700000;
    return device == &gpu ? 0 : NOT_SUPPORTED;
}

int nvmlDeviceGetClockInfo(void *device, int clock, unsigned *mhz) {
    *mhz = 1980;
    return device == &gpu && clock == 1 ? 0 : NOT_SUPPORTED;
}

int nvmlDeviceGetMigMode(void *device, unsigned *now, unsigned *pending) {
    *now = 0;
    *pending = 1;
    return device == &gpu ? 0 : NOT_SUPPORTED;
}

int nvmlDeviceGetUtilizationRates(void *device, unsigned *rates) {
    rates[0] = 97;
    rates[1] = 12;
    return device == &gpu ? 0 : NOT_SUPPORTED;
}

int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *memory) {
    memory[0] = 141ull << 30;
    memory[1] = 140ull << 30;
    memory[2] = 1ull << 30;
    return device == &gpu ? 0 : NOT_SUPPORTED;
}
