#include "streams.h"

#include <string.h>

#include "driver.h"
#include "partition.h"

struct gbpf_place gbpf_places[GBPF_SEGMENT_STREAMS];
__thread struct gbpf_known_stream gbpf_known_streams[GBPF_KNOWN_STREAMS] __attribute__((tls_model("initial-exec"), aligned(64)));

/* Guards the taking and leaving of places, and the segment's exchange. */
static struct gbpf_lock places_lock;

/* Has a thread's end give back the places of its per-thread default streams. */
static pthread_key_t thread_key;
static bool has_thread_key;

/* Who a thread is, as long as it lives. */
static uintptr_t this_thread(void) { return (uintptr_t)&gbpf_known_streams; }

static uintptr_t per_thread_key(uintptr_t thread, CUcontext context) { return (thread ^ (uintptr_t)context << 20) | 3; }

/* Default streams exist once for each context, or once for each of its threads. Handles are addresses of structures, so odd keys are free. */
static uintptr_t key_of(CUstream stream, CUcontext context) {
    if (stream == CU_STREAM_LEGACY) return (uintptr_t)context | 1;
    if (stream == CU_STREAM_PER_THREAD) return per_thread_key(this_thread(), context);
    return (uintptr_t)stream;
}

static uint32_t scan(uintptr_t key) {
    for (uint32_t i = 0; i < GBPF_OTHER_STREAMS; i++)
        if (LOAD_ACQUIRE(&gbpf_places[i].key) == key) return i;
    return GBPF_SEGMENT_STREAMS;
}

/* Writes a place to a segment as its owner begins there. */
static void write_place(struct gbpf_segment *segment, uint32_t i) {
    struct gbpf_segment_stream *stream = &segment->streams[i];
    struct gbpf_place *place = &gbpf_places[i];
    STORE_RELEASE(&stream->owner, 0);
    GBPF_COUNT_FROM_0(stream, launched_ns);
    GBPF_COUNT_FROM_0(stream, launched);
    STORE(&stream->synchronized, 0);
    STORE(&stream->wanted_ns, 0);
    STORE(&stream->held_since_ns, 0);
    STORE(&stream->waiters, 0);
    STORE(&stream->passing, 0);
    STORE(&stream->completed, 0);
    STORE(&stream->asked, 0);
    STORE(&stream->device, LOAD(&place->device));
    STORE(&stream->gpu, LOAD(&place->gpu));
    STORE(&stream->partition, LOAD(&place->partition));
    STORE(&stream->flags, LOAD(&place->flags));
    STORE(&place->tracked, 0);
    STORE(&place->tracked_ns, 0);
    STORE(&place->arrived, 0);
    STORE(&place->stopped_ns, 0);
    STORE(&place->segment, gbpf_segment_number(segment));
    STORE_RELEASE(&stream->owner, place->owner);
}

/* Whether the device may still write reports of an earlier owner. */
static bool is_awaited(uint32_t i) {
    const struct gbpf_segment *segment = LOAD_ACQUIRE(&gbpf_process.segment);
    return LOAD(&gbpf_places[i].segment) == gbpf_segment_number(segment)
        && LOAD(&segment->streams[i].completed) != (uint32_t)LOAD(&gbpf_places[i].tracked);
}

/* Which GPU a device of this process is; 0: not known. */
static uint32_t gpu_of(CUdevice device) {
    enum { PCI_BUS_ID = 33, PCI_DEVICE_ID = 34, PCI_DOMAIN_ID = 50 }; /* CUdevice_attribute */
    int domain = 0;
    int bus = 0;
    int slot = 0;
    if (gbpf_driver.cuDeviceGetAttribute == NULL || gbpf_driver.cuDeviceGetAttribute(&domain, PCI_DOMAIN_ID, device) != CUDA_SUCCESS
        || gbpf_driver.cuDeviceGetAttribute(&bus, PCI_BUS_ID, device) != CUDA_SUCCESS
        || gbpf_driver.cuDeviceGetAttribute(&slot, PCI_DEVICE_ID, device) != CUDA_SUCCESS)
        return 0;
    return 1 + ((uint32_t)domain << 16 | (uint32_t)(bus & 0xff) << 8 | (uint32_t)(slot & 0xff));
}

static uint32_t take(uintptr_t key, CUcontext context, CUdevice device, uint32_t flags, uint32_t partition) {
    const uint32_t gpu = gpu_of(device);
    gbpf_acquire(&places_lock);
    uint32_t found = scan(key);
    for (int awaited = 0; found == GBPF_SEGMENT_STREAMS && awaited < 2; awaited++)
        for (uint32_t i = 0; i < GBPF_OTHER_STREAMS && found == GBPF_SEGMENT_STREAMS; i++)
            if (LOAD(&gbpf_places[i].key) == 0 && (awaited == 1 || !is_awaited(i))) found = i;
    if (found == GBPF_SEGMENT_STREAMS) {
        found = GBPF_OTHER_STREAMS;
        flags = GBPF_STREAM_OTHERS;
        partition = 0;
        key = UINTPTR_MAX;
    }
    struct gbpf_place *place = &gbpf_places[found];
    if (LOAD(&place->key) != key) {
        STORE(&place->context, context);
        STORE(&place->device, (uint32_t)device % GBPF_SEGMENT_DEVICES);
        STORE(&place->gpu, gpu);
        STORE(&place->partition, partition);
        place->owner++;
        STORE(&place->flags, flags);
        STORE(&place->captured, 0);
        STORE(&place->shares, 0);
        for (int lane = 0; lane < GBPF_SEGMENT_LANES; lane++) STORE(&place->threads[lane], 0);
        write_place(LOAD(&gbpf_process.segment), found);
        STORE_RELEASE(&place->key, key);
    }
    gbpf_release(&places_lock);
    return found;
}

/* Where this thread counts on a place: in a lane of its own, if there still is one. */
static uint32_t lane_on(uint32_t i) {
    const uintptr_t self = this_thread();
    for (uint32_t lane = 0; lane < GBPF_SEGMENT_LANES && i != GBPF_OTHER_STREAMS; lane++) {
        uintptr_t thread = LOAD(&gbpf_places[i].threads[lane]);
        if (thread == self || (thread == 0 && COMPARE_EXCHANGE(&gbpf_places[i].threads[lane], &thread, self))) return lane;
    }
    STORE(&gbpf_places[i].shares, 1);
    return GBPF_SHARED_LANE;
}

const struct gbpf_known_stream *gbpf_stream_find(CUstream stream) {
    CUcontext context = NULL;
    const bool is_default = (uintptr_t)stream <= 2;
    const uint32_t epoch = LOAD_ACQUIRE(&gbpf_process.streams_epoch);
    if (is_default && gbpf_driver.cuCtxGetCurrent != NULL) gbpf_driver.cuCtxGetCurrent(&context);
    const uintptr_t key = key_of(stream, context);
    uint32_t place = scan(key);
    if (place == GBPF_SEGMENT_STREAMS) {
        CUdevice device = 0;
        if (!is_default && gbpf_driver.cuStreamGetCtx != NULL) gbpf_driver.cuStreamGetCtx(stream, &context);
        if (is_default || gbpf_driver.cuStreamGetDevice == NULL || gbpf_driver.cuStreamGetDevice(stream, &device) != CUDA_SUCCESS)
            if (gbpf_driver.cuCtxGetDevice == NULL || gbpf_driver.cuCtxGetDevice(&device) != CUDA_SUCCESS) device = 0;
        place = take(key, context, device, stream == CU_STREAM_LEGACY ? GBPF_STREAM_DEFAULT : 0, gbpf_partition_of(stream));
    }
    if (has_thread_key) pthread_setspecific(thread_key, gbpf_known_streams);
    struct gbpf_known_stream *known = gbpf_stream_slot(stream);
    *known = (struct gbpf_known_stream){(uintptr_t)stream, epoch, (uint16_t)place, (uint16_t)lane_on(place)};
    return known;
}

void gbpf_streams_context_changed(void) {
    static const CUstream defaults[] = {CU_STREAM_LEGACY, CU_STREAM_PER_THREAD};
    for (int i = 0; i < 2; i++) {
        struct gbpf_known_stream *slot = gbpf_stream_slot(defaults[i]);
        if (slot->key == (uintptr_t)defaults[i]) slot->epoch = 0;
    }
}

static void leave(uint32_t i) {
    STORE_RELEASE(&LOAD(&gbpf_process.segment)->streams[i].owner, 0);
    STORE_RELEASE(&gbpf_places[i].key, 0);
}

void gbpf_stream_destroyed(CUstream stream) {
    if ((uintptr_t)stream <= 2) return;
    gbpf_acquire(&places_lock);
    const uint32_t i = scan((uintptr_t)stream);
    if (i != GBPF_SEGMENT_STREAMS) {
        leave(i);
        ADD(&gbpf_process.streams_epoch, 1);
    }
    gbpf_release(&places_lock);
}

void gbpf_streams_context_destroyed(CUcontext context) {
    gbpf_acquire(&places_lock);
    for (uint32_t i = 0; i < GBPF_OTHER_STREAMS; i++)
        if (LOAD(&gbpf_places[i].key) != 0 && LOAD(&gbpf_places[i].context) == context) leave(i);
    ADD(&gbpf_process.streams_epoch, 1);
    gbpf_release(&places_lock);
}

/* Others may be writing. */
static void copy_words(void *to, const void *from, size_t bytes) {
    for (size_t i = 0; i < bytes / sizeof(uint64_t); i++) STORE((uint64_t *)to + i, LOAD((const uint64_t *)from + i));
}

/* Its lanes and its default streams are free. What it still launches in the destructors of others makes itself known again. */
static void thread_ended(void *known) {
    const uintptr_t thread = (uintptr_t)known;
    memset(known, 0, sizeof gbpf_known_streams);
    gbpf_acquire(&places_lock);
    for (uint32_t i = 0; i < GBPF_OTHER_STREAMS; i++) {
        if (LOAD(&gbpf_places[i].key) == per_thread_key(thread, LOAD(&gbpf_places[i].context))) leave(i);
        for (int lane = 0; lane < GBPF_SEGMENT_LANES; lane++) {
            uintptr_t there = thread;
            COMPARE_EXCHANGE(&gbpf_places[i].threads[lane], &there, 0);
        }
    }
    gbpf_release(&places_lock);
}

void gbpf_streams_start(void) { has_thread_key = pthread_key_create(&thread_key, thread_ended) == 0; }

void gbpf_streams_move(struct gbpf_segment *segment) {
    gbpf_acquire(&places_lock);
    const struct gbpf_segment *old = LOAD(&gbpf_process.segment);
    copy_words(segment->functions, old->functions, sizeof segment->functions);
    copy_words(segment->report.memory_bytes, old->report.memory_bytes, sizeof segment->report.memory_bytes);
    copy_words(segment->report.levers, old->report.levers, sizeof segment->report.levers);
    STORE(&segment->report.unwrapped, LOAD(&old->report.unwrapped));
    for (uint32_t i = 0; i < GBPF_SEGMENT_STREAMS; i++) {
        AND(&gbpf_places[i].flags, ~(uint32_t)GBPF_STREAM_TRACKED);
        if (LOAD(&gbpf_places[i].key) != 0) {
            write_place(segment, i);
        } else {
            STORE(&segment->streams[i].owner, 0);
        }
    }
    STORE_RELEASE(&gbpf_process.segment, segment);
    gbpf_release(&places_lock);
}

void gbpf_stream_flag(uint32_t place, uint32_t flag, bool set) {
    uint32_t *shared = &LOAD_ACQUIRE(&gbpf_process.segment)->streams[place].flags;
    if (set) {
        OR(&gbpf_places[place].flags, flag);
        OR(shared, flag);
    } else {
        AND(&gbpf_places[place].flags, ~flag);
        AND(shared, ~flag);
    }
}

void gbpf_streams_forget(void) {
    gbpf_release(&places_lock);
    memset(gbpf_places, 0, sizeof gbpf_places);
    ADD(&gbpf_process.streams_epoch, 1);
}
