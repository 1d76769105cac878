/* The books: which memory the process has, in a hash table that grows, and how much by device. */
#include <string.h>
#include <sys/mman.h>

#include "driver.h"
#include "gate.h"
#include "memory.h"
#include "record.h"

enum { FIRST_PIECES = 4096, TAKEN_BEFORE = 1 };

static struct gbpf_lock table_lock;
static struct gbpf_memory_piece *table;
static uint64_t capacity; /* a power of two */
static uint64_t filled;   /* with those that were taken */
static uint64_t used[GBPF_SEGMENT_DEVICES];

int gbpf_current_device(void) {
    CUdevice device = -1;
    if (gbpf_driver.cuCtxGetDevice == NULL || gbpf_driver.cuCtxGetDevice(&device) != CUDA_SUCCESS) return -1;
    return device >= 0 && device < GBPF_SEGMENT_DEVICES ? device : -1;
}

uint64_t gbpf_memory_used(int device) { return device < 0 || device >= GBPF_SEGMENT_DEVICES ? 0 : LOAD(&used[device]); }

uint64_t gbpf_quota_bytes(int device) {
    const struct gbpf_segment_orders *orders = &LOAD_ACQUIRE(&gbpf_process.segment)->orders;
    if (device < 0 || device >= GBPF_SEGMENT_DEVICES || LOAD(&orders->mode) != GBPF_MODE_POLICY) return 0;
    const uint64_t quota = LOAD(&orders->quota_bytes[device]);
    return quota != 0 && gbpf_lease_holds(orders, gbpf_now_ns()) ? quota : 0;
}

static void publish(int device) { STORE(&LOAD_ACQUIRE(&gbpf_process.segment)->report.memory_bytes[device], LOAD(&used[device])); }

bool gbpf_memory_reserve(int device, uint64_t bytes) {
    if (device < 0) return true;
    const uint64_t quota = gbpf_quota_bytes(device);
    const uint64_t before = ADD(&used[device], bytes);
    if (quota != 0 && (bytes > quota || before > quota - bytes)) {
        SUBTRACT(&used[device], bytes);
        ADD(&LOAD_ACQUIRE(&gbpf_process.segment)->report.refused_allocations, 1);
        return false;
    }
    publish(device);
    return true;
}

void gbpf_memory_return(int device, uint64_t bytes) {
    if (device < 0) return;
    SUBTRACT(&used[device], bytes);
    publish(device);
}

/* Addresses and handles have fewer than 60 bits. */
static uint64_t key_of(enum gbpf_memory_kind kind, uint64_t at) { return at ^ (uint64_t)kind << 60; }

static uint64_t home(uint64_t key) { return (key * 0x9E3779B97F4A7C15ull) >> 20; }

/* Within the lock. */
static struct gbpf_memory_piece *find(uint64_t key) {
    for (uint64_t i = home(key), n = 0; n < capacity; i++, n++) {
        struct gbpf_memory_piece *piece = &table[i & (capacity - 1)];
        if (piece->key == key) return piece;
        if (piece->key == 0) return NULL;
    }
    return NULL;
}

static void insert(const struct gbpf_memory_piece *new) {
    uint64_t i = home(new->key);
    while (table[i & (capacity - 1)].key > TAKEN_BEFORE) i++;
    if (table[i & (capacity - 1)].key == 0) filled++;
    table[i & (capacity - 1)] = *new;
}

/* Makes room, if there is too little, and returns within the lock; false: the system gives no memory. */
static bool acquire_with_room(void) {
    for (;;) {
        gbpf_acquire(&table_lock);
        const uint64_t old = capacity;
        if (filled < old / 2) return true;
        gbpf_release(&table_lock);
        const uint64_t wanted = old == 0 ? FIRST_PIECES : old * 2;
        struct gbpf_memory_piece *larger = mmap(NULL, wanted * sizeof *larger, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (larger == MAP_FAILED) return false;
        gbpf_acquire(&table_lock);
        struct gbpf_memory_piece *unused = larger;
        uint64_t unused_bytes = wanted * sizeof *larger;
        if (capacity == old) {
            unused = table;
            unused_bytes = old * sizeof *larger;
            table = larger;
            capacity = wanted;
            filled = 0;
            for (uint64_t i = 0; i < old; i++)
                if (unused[i].key > TAKEN_BEFORE) insert(&unused[i]);
        }
        gbpf_release(&table_lock);
        if (unused != NULL) munmap(unused, unused_bytes);
    }
}

void gbpf_memory_note(enum gbpf_memory_kind kind, uint64_t at, int device, uint64_t bytes, uint64_t handle) {
    const struct gbpf_memory_piece piece = {
        .key = key_of(kind, at), .bytes = bytes, .handle = handle, .device = (uint32_t)device, .references = 1};
    if (device < 0) return;
    if (!acquire_with_room()) {
        /* It cannot be remembered: it counts for nothing. */
        if (kind != GBPF_MEMORY_MAPPING) gbpf_memory_return(device, bytes);
        return;
    }
    struct gbpf_memory_piece *there = find(piece.key);
    const struct gbpf_memory_piece stale = there != NULL ? *there : (struct gbpf_memory_piece){0};
    if (there != NULL) {
        *there = piece;
    } else {
        insert(&piece);
    }
    gbpf_release(&table_lock);
    /* Freed by a way that is not seen, and now given out again. */
    if (there != NULL && kind != GBPF_MEMORY_MAPPING) gbpf_memory_return((int)stale.device, stale.bytes);
    if (kind != GBPF_MEMORY_MAPPING) gbpf_record_memory(GBPF_EVENT_ALLOC, bytes);
}

void gbpf_memory_refer(enum gbpf_memory_kind kind, uint64_t at) {
    gbpf_acquire(&table_lock);
    struct gbpf_memory_piece *piece = find(key_of(kind, at));
    if (piece != NULL) piece->references++;
    gbpf_release(&table_lock);
}

bool gbpf_memory_drop(enum gbpf_memory_kind kind, uint64_t at, struct gbpf_memory_piece *piece) {
    gbpf_acquire(&table_lock);
    struct gbpf_memory_piece *there = find(key_of(kind, at));
    const bool last = there != NULL && --there->references == 0;
    if (last) {
        *piece = *there;
        there->key = TAKEN_BEFORE;
    }
    gbpf_release(&table_lock);
    if (last && kind != GBPF_MEMORY_MAPPING) {
        gbpf_memory_return((int)piece->device, piece->bytes);
        gbpf_record_memory(GBPF_EVENT_FREE, piece->bytes);
    }
    return last;
}

void gbpf_memory_forget(void) {
    gbpf_release(&table_lock);
    table = NULL;
    capacity = filled = 0;
    memset(used, 0, sizeof used);
}
