#include "stay.h"

#include "capture.h"
#include "driver.h"
#include "levers.h"

/* A stay ends after so long whatever the application does, so that a wait that nobody told of is not long. The next launch begins another. */
#define LONGEST_NS (5 * GBPF_MILLISECOND)
#define LONGEST_LINGER_US 5000u

enum state { UNKNOWN = 0, UNDER_WAY = 1, READY = 2, FAILED = 3 };

/* Host memory that the device reads and writes: stay_kernel.c. */
struct words {
    uint32_t busy;
    uint32_t linger_ns;
    uint32_t there;
};

/* One for each process, in the first context that is asked to stay. */
static struct {
    uint32_t state;
    CUcontext context;
    CUstream stream;
    CUfunction function;
    CUdeviceptr at;
    struct words *words;
} stay;

static bool prepare_in(CUcontext context) {
    CUmodule module;
    void *words = NULL;
    int least = 0;
    int greatest = 0;
    if (gbpf_driver.cuModuleLoadData == NULL || gbpf_driver.cuModuleGetFunction == NULL || gbpf_driver.cuMemHostAlloc == NULL
        || gbpf_driver.cuMemHostGetDevicePointer_v2 == NULL || gbpf_driver.cuStreamCreateWithPriority == NULL
        || gbpf_driver.cuCtxGetStreamPriorityRange == NULL || gbpf_driver.cuLaunchKernel == NULL)
        return false;
    if (gbpf_driver.cuModuleLoadData(&module, gbpf_stay_kernel) != CUDA_SUCCESS
        || gbpf_driver.cuModuleGetFunction(&stay.function, module, "gbpf_stay") != CUDA_SUCCESS
        || gbpf_driver.cuMemHostAlloc(&words, sizeof *stay.words, CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP) != CUDA_SUCCESS
        || gbpf_driver.cuMemHostGetDevicePointer_v2(&stay.at, words, 0) != CUDA_SUCCESS
        || gbpf_driver.cuCtxGetStreamPriorityRange(&least, &greatest) != CUDA_SUCCESS
        || gbpf_driver.cuStreamCreateWithPriority(&stay.stream, CU_STREAM_NON_BLOCKING, greatest) != CUDA_SUCCESS)
        return false;
    stay.context = context;
    stay.words = words;
    *stay.words = (struct words){0, 0, 0};
    return true;
}

/* Whether the calling thread's context is the one that stays; makes it ready the first time. */
static bool is_ready(void) {
    uint32_t state = LOAD_ACQUIRE(&stay.state);
    CUcontext context = NULL;
    if (state == FAILED || state == UNDER_WAY || LOAD(&gbpf_captures) != 0 || gbpf_driver.cuCtxGetCurrent == NULL) return false;
    if (gbpf_driver.cuCtxGetCurrent(&context) != CUDA_SUCCESS || context == NULL) return false;
    if (state == READY) return context == stay.context;
    if (!COMPARE_EXCHANGE(&stay.state, &state, UNDER_WAY)) return false;
    const int mode = gbpf_relax_capture();
    const bool ready = prepare_in(context);
    gbpf_restore_capture(mode);
    gbpf_lever_report(GBPF_LEVER_STAY, ready ? GBPF_LEVER_WORKS : GBPF_LEVER_REFUSED);
    STORE_RELEASE(&stay.state, ready ? READY : FAILED);
    return ready;
}

static void begin(void) {
    uint32_t nobody = 0;
    uint64_t limit = LONGEST_NS;
    void *parameters[] = {&stay.at, &limit};
    if (!is_ready() || !COMPARE_EXCHANGE(&stay.words->there, &nobody, 1)) return;
    if (gbpf_driver.cuLaunchKernel(stay.function, 1, 1, 1, 1, 1, 1, 0, stay.stream, parameters, NULL) == CUDA_SUCCESS) return;
    STORE(&stay.words->there, 0);
    STORE(&stay.state, FAILED);
    gbpf_lever_report(GBPF_LEVER_STAY, GBPF_LEVER_REFUSED);
}

static void keep(const struct gbpf_segment *segment, uint32_t busy) {
    if (LIKELY(LOAD_ACQUIRE(&stay.state) == READY)) {
        const uint64_t us = gbpf_min(LOAD(&segment->orders.stay_us), LONGEST_LINGER_US);
        STORE(&stay.words->linger_ns, (uint32_t)us * 1000);
        STORE(&stay.words->busy, busy);
        /* Who leaves just now is not seen to; then this time nobody stays, and the next launch sees it. */
        if (LIKELY(LOAD(&stay.words->there) != 0)) return;
    }
    begin();
}

void gbpf_stay_launched(struct gbpf_segment *segment) { keep(segment, 1); }

void gbpf_stay_idle(void) {
    if (LOAD_ACQUIRE(&stay.state) == READY) STORE(&stay.words->busy, 0);
}

void gbpf_stay_leave(void) {
    if (LOAD_ACQUIRE(&stay.state) != READY) return;
    STORE(&stay.words->linger_ns, 0);
    STORE(&stay.words->busy, 0);
}

void gbpf_stay_return(struct gbpf_segment *segment) {
    if (LOAD(&segment->orders.stay_us) != 0 && LOAD(&segment->orders.mode) == GBPF_MODE_POLICY) keep(segment, 0);
}

void gbpf_stay_context_destroyed(CUcontext context) {
    if (LOAD_ACQUIRE(&stay.state) != READY || stay.context != context) return;
    gbpf_stay_leave();
    /* The words are leaked: the device may still write them. */
    STORE_RELEASE(&stay.state, UNKNOWN);
}

void gbpf_stay_forget(void) { STORE_RELEASE(&stay.state, UNKNOWN); }
