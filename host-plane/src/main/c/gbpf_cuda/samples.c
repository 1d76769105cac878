#include "samples.h"

#include <string.h>

#include "driver.h"
#include "functions.h"

enum { SAMPLES = 64, READ_AT_ONCE = 4 };
enum sample_state { FREE = 0, TAKEN = 1, PENDING = 2 };

/* A pair of events of one context, used again and again. Who moves the state away from FREE or PENDING owns the rest. */
static struct sample {
    uint32_t state;
    CUcontext context;
    CUevent before;
    CUevent after;
    struct gbpf_segment_function *function;
    uint64_t key;
} samples[SAMPLES];

static uint32_t next_read;

/* Events are read by whoever next begins a measurement: no thread of the library calls the driver. */
static void read_one(struct sample *sample) {
    uint32_t pending = PENDING;
    float ms = 0;
    if (!COMPARE_EXCHANGE(&sample->state, &pending, TAKEN)) return;
    const CUresult done = gbpf_driver.cuEventQuery(sample->after);
    if (done == CUDA_ERROR_NOT_READY) {
        STORE_RELEASE(&sample->state, PENDING);
        return;
    }
    if (done == CUDA_SUCCESS && gbpf_driver.cuEventElapsedTime(&ms, sample->before, sample->after) == CUDA_SUCCESS && ms > 0
        && LOAD(&sample->function->key) == sample->key)
        gbpf_function_measured(sample->function, (uint64_t)((double)ms * 1e6));
    STORE_RELEASE(&sample->state, FREE);
}

/* Begins each time elsewhere: what is on a slow stream does not keep others from being read. */
static void read_some(void) {
    const uint32_t first = ADD(&next_read, 1);
    for (uint32_t i = 0, asked = 0; i < SAMPLES && asked < READ_AT_ONCE; i++) {
        struct sample *sample = &samples[(first + i) % SAMPLES];
        if (LOAD(&sample->state) != PENDING) continue;
        read_one(sample);
        asked++;
    }
}

static bool make_events(struct sample *sample, CUcontext context) {
    if (sample->context == context && sample->after != NULL) return true;
    if (sample->after != NULL) return false; /* another context's */
    if (gbpf_driver.cuEventCreate(&sample->before, 0) != CUDA_SUCCESS) return false;
    if (gbpf_driver.cuEventCreate(&sample->after, 0) != CUDA_SUCCESS) {
        sample->after = NULL; /* the first event is lost until its context goes */
        return false;
    }
    sample->context = context;
    return true;
}

static uint32_t take(CUcontext context) {
    for (uint32_t i = 0; i < SAMPLES; i++) {
        uint32_t free = FREE;
        struct sample *sample = &samples[i];
        if (LOAD(&sample->state) != FREE || !COMPARE_EXCHANGE(&sample->state, &free, TAKEN)) continue;
        if (make_events(sample, context)) return i + 1;
        STORE_RELEASE(&sample->state, FREE);
    }
    return 0;
}

static bool is_usable(void) {
    return gbpf_driver.cuCtxGetCurrent != NULL && gbpf_driver.cuEventCreate != NULL && gbpf_driver.cuEventRecord != NULL
        && gbpf_driver.cuEventQuery != NULL && gbpf_driver.cuEventElapsedTime != NULL;
}

uint32_t gbpf_sample_begin(const struct gbpf_call *call) {
    CUcontext current = NULL;
    if (LOAD(&gbpf_process.captures) != 0 || call->place == GBPF_OTHER_STREAMS || !is_usable()) return 0;
    const CUcontext context = LOAD(&gbpf_places[call->place].context);
    if (context == NULL || gbpf_driver.cuCtxGetCurrent(&current) != CUDA_SUCCESS || current != context) return 0;
    const int mode = gbpf_relax_capture();
    read_some();
    uint32_t number = take(context);
    if (number != 0 && gbpf_driver.cuEventRecord(samples[number - 1].before, gbpf_stream_named(call->stream, call->ds)) != CUDA_SUCCESS) {
        STORE_RELEASE(&samples[number - 1].state, FREE);
        number = 0;
    }
    gbpf_restore_capture(mode);
    return number;
}

void gbpf_sample_end(const struct gbpf_call *call, bool launched) {
    struct sample *sample = &samples[call->sample - 1];
    sample->function = call->function;
    sample->key = call->key;
    const bool recorded = launched && LOAD(&gbpf_process.captures) == 0
        && gbpf_driver.cuEventRecord(sample->after, gbpf_stream_named(call->stream, call->ds)) == CUDA_SUCCESS;
    STORE_RELEASE(&sample->state, recorded ? PENDING : FREE);
}

void gbpf_samples_context_destroyed(CUcontext context) {
    for (uint32_t i = 0; i < SAMPLES; i++) {
        struct sample *sample = &samples[i];
        uint32_t state = LOAD(&sample->state);
        /* One that is taken is of a thread that launches into a context while it is destroyed. */
        if (state == TAKEN || !COMPARE_EXCHANGE(&sample->state, &state, TAKEN)) continue;
        if (sample->context == context) {
            sample->context = NULL;
            sample->before = sample->after = NULL;
            state = FREE;
        }
        STORE_RELEASE(&sample->state, state);
    }
}

void gbpf_samples_forget(void) { memset(samples, 0, sizeof samples); }
