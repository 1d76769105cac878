// Hashes of device programs: a hash and an lru_hash in device memory, changed by any number of lanes of any number of warps at once.
//
// Separate chaining, as in dev.gbpf.host.map.HashTableMap, and with its answers when one lane after the other asks: the same places
// are given to new keys, and the same entries give way in an lru_hash. A bucket is one word: its first slot, a lock, and a version
// that counts the changes of its chain. A change has the lock of its bucket for the time of a walk and a copy; a lookup takes none.
//
// A lookup may be led astray: a slot that it stands on is removed, and used again in another chain. It finds only what is live and has
// its key, and what it does not find is not there if the version of the bucket has not changed; else it looks again. So a slot may
// be given away only after the version has changed.
//
// Nothing is done without end. A chain has at most HASH_CHAIN keys, which happens by chance once in 10^36 buckets of a full table;
// who does not get a lock gives up after HASH_TRIES. An address that a program got may be another key's when another lane
// removes its entry and a third one needs a slot, as with Linux's maps that are allocated in advance.
#pragma once

#include "abi.h"
#include "platform.cuh"
#include "table.h"

namespace gbpf {

constexpr uint32_t HASH_CHAIN = 32;  // keys of a bucket, at most
constexpr uint32_t HASH_LOOKS = 8;   // of a lookup whose bucket changes, before it takes the lock
constexpr uint32_t HASH_TRIES = 4096; // for a lock
constexpr uint32_t HASH_STEPS = 64;  // entries in use that the hand passes over, as LruHashMap's
constexpr uint64_t HASH_LOCK = uint64_t{1} << 32, HASH_VERSION = uint64_t{1} << 33;

GBPF_DEVICE bool is_hash(uint32_t kind) { return kind == GBPF_MAP_HASH || kind == GBPF_MAP_LRU_HASH; }

/** One table, as a helper sees it. Slots count from 1; 0 is none. */
class hash_table {
public:
    GBPF_DEVICE explicit hash_table(gbpf_hash &head) : head_(head), map_(map_of_hash(head)) {}

    GBPF_DEVICE uint64_t lookup(uint64_t key) const {
        const uint32_t slot = find(key, hash_of(key));
        if (slot == 0) return 0;
        if (map_.kind == GBPF_MAP_LRU_HASH) {
            // Reading first spares those who use the same entries the traffic of writing.
            device_atomic<uint32_t> mark(slot_at(slot).mark);
            if (mark.load(relaxed) == 0) mark.store(1, relaxed);
        }
        return value_of(slot);
    }

    GBPF_DEVICE int64_t update(uint64_t key, uint64_t value, uint64_t flags) const {
        if (flags > 2) return GBPF_EINVAL;
        const uint64_t hash = hash_of(key);
        uint64_t &bucket = bucket_of(hash);
        uint32_t place = 0;
        while (true) {
            uint64_t word;
            if (!lock(bucket, word)) return give_up(place);
            const found here = search(word, [&](uint32_t slot) { return has_key(slot, tag_of(hash), key); });
            if (here.slot != 0 || flags == 2 || here.length == HASH_CHAIN) {
                if (here.slot != 0 && flags != 1) write(value_of(here.slot), value, map_.value_size);
                unlock(bucket, word);
                if (place != 0) give(place);
                if (here.slot != 0) return flags == 1 ? int64_t{GBPF_EEXIST} : 0;
                return flags == 2 ? int64_t{GBPF_ENOENT} : refuse();
            }
            if (place == 0) place = take();
            if (place != 0) {
                insert(bucket, word, place, hash, key, value);
                return 0;
            }
            unlock(bucket, word);
            // The entry that gives way is of another bucket: the key may come meanwhile.
            if (map_.kind == GBPF_MAP_LRU_HASH) place = evict();
            if (place == 0) return refuse();
        }
    }

    GBPF_DEVICE int64_t remove(uint64_t key) const {
        const uint64_t hash = hash_of(key);
        uint64_t &bucket = bucket_of(hash);
        uint64_t word;
        if (!lock(bucket, word)) return give_up(0);
        const found here = search(word, [&](uint32_t slot) { return has_key(slot, tag_of(hash), key); });
        if (here.slot == 0) {
            unlock(bucket, word);
            return GBPF_ENOENT;
        }
        unlink(bucket, word, here);
        give(here.slot);
        return 0;
    }

    /** The first slot from `from` on that holds an entry, counted from 0, 64 looked at at once. */
    GBPF_DEVICE int64_t next_slot(uint64_t from) const {
        if (from >= map_.max_entries) return GBPF_ENOENT;
        const uint64_t fresh = device_atomic<uint64_t>(head_.fresh).load(relaxed);
        const uint64_t end = fresh < map_.max_entries ? fresh : map_.max_entries;
        uint64_t mask = ~uint64_t{0} << (from & 63);
        for (uint64_t i = from / 64; i * 64 < end; ++i) {
            const uint64_t bits = device_atomic<uint64_t>(live()[i]).load(acquire) & mask;
            if (bits != 0) return static_cast<int64_t>(i * 64 + lowest_bit(bits));
            mask = ~uint64_t{0};
        }
        return GBPF_ENOENT;
    }

    GBPF_DEVICE uint64_t slot_key(uint64_t slot) const {
        if (map_.key_size > 8 || slot >= map_.max_entries) return 0;
        gbpf_hash_slot &s = slot_at(static_cast<uint32_t>(slot) + 1);
        const uint32_t generation = device_atomic<uint32_t>(s.generation).load(acquire);
        const uint64_t key = device_atomic<uint64_t>(*words_of(s)).load(acquire);
        const bool same = device_atomic<uint32_t>(s.generation).load(relaxed) == generation;
        return same && is_live(generation) ? key : 0;
    }

    GBPF_DEVICE uint64_t slot_value(uint64_t slot) const {
        if (slot >= map_.max_entries) return 0;
        const uint32_t at = static_cast<uint32_t>(slot) + 1;
        return is_live(device_atomic<uint32_t>(slot_at(at).generation).load(acquire)) ? value_of(at) : 0;
    }

private:
    /** Where a walk of a chain came to. */
    struct found {
        uint32_t slot;   // 0: not there
        uint32_t before; // the slot before it; 0: it is the first
        uint32_t length; // of the chain up to it
    };

    static GBPF_DEVICE bool is_live(uint32_t generation) { return (generation & 1) != 0; }

    // ---- where everything is: struct gbpf_hash ----

    /** From where all see it: caches of SMs may have what was there before. */
    static GBPF_DEVICE gbpf_map map_of_hash(gbpf_hash &head) {
        uint64_t words[sizeof(gbpf_map) / 8];
        GBPF_UNROLL
        for (uint32_t i = 0; i < sizeof(gbpf_map) / 8; ++i) words[i] = device_atomic<uint64_t>(reinterpret_cast<uint64_t *>(&head.map)[i]).load(relaxed);
        gbpf_map map;
        memcpy(&map, words, sizeof map);
        return map;
    }

    GBPF_DEVICE uint64_t *live() const { return reinterpret_cast<uint64_t *>(&head_ + 1); }
    GBPF_DEVICE uint64_t *buckets() const { return live() + (uint64_t{map_.max_entries} + 63) / 64; }
    GBPF_DEVICE uint64_t key_bytes() const { return (uint64_t{map_.key_size} + 7) & ~uint64_t{7}; }
    GBPF_DEVICE uint64_t slot_bytes() const { return sizeof(gbpf_hash_slot) + key_bytes() + ((uint64_t{map_.value_size} + 7) & ~uint64_t{7}); }
    GBPF_DEVICE gbpf_hash_slot &slot_at(uint32_t slot) const {
        unsigned char *first = reinterpret_cast<unsigned char *>(buckets() + (uint64_t{1} << map_.cpus));
        return *reinterpret_cast<gbpf_hash_slot *>(first + (slot - 1) * slot_bytes());
    }
    static GBPF_DEVICE uint64_t *words_of(gbpf_hash_slot &s) { return reinterpret_cast<uint64_t *>(&s + 1); }
    GBPF_DEVICE uint64_t value_of(uint32_t slot) const { return reinterpret_cast<uint64_t>(&slot_at(slot) + 1) + key_bytes(); }
    GBPF_DEVICE uint64_t &bucket_of(uint64_t hash) const { return buckets()[hash >> (64 - map_.cpus)]; }
    /** The part of a hash that its bucket follows from. */
    static GBPF_DEVICE uint32_t tag_of(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

    // ---- keys and values ----

    /** Up to 8 bytes of a program's memory, of any alignment, zero-extended. */
    static GBPF_DEVICE uint64_t load(uint64_t address, uint32_t bytes) {
        if (bytes == 8 && (address & 7) == 0) return *reinterpret_cast<const uint64_t *>(address);
        if (bytes == 4 && (address & 3) == 0) return *reinterpret_cast<const uint32_t *>(address);
        uint64_t word = 0;
        for (uint32_t i = 0; i < bytes; ++i) word |= uint64_t{reinterpret_cast<const unsigned char *>(address)[i]} << 8 * i;
        return word;
    }

    static GBPF_DEVICE uint32_t part(uint32_t bytes, uint32_t at) { return bytes - at < 8 ? bytes - at : 8; }

    static GBPF_DEVICE void write(uint64_t to, uint64_t from, uint32_t bytes) {
        GBPF_LOOP
        for (uint32_t at = 0; at < bytes; at += 8) {
            device_atomic<uint64_t>(*reinterpret_cast<uint64_t *>(to + at)).store(load(from + at, part(bytes, at)), relaxed);
        }
    }

    static GBPF_DEVICE uint64_t high_product(uint64_t a, uint64_t b) {
#if GBPF_GPU
        return __umul64hi(a, b);
#else
        return static_cast<uint64_t>(static_cast<unsigned __int128>(a) * b >> 64);
#endif
    }

    /** As dev.gbpf.host.map.KeyHash: eight bytes at a time, folded by a multiplication, as wyhash does. */
    GBPF_DEVICE uint64_t hash_of(uint64_t key) const {
        constexpr uint64_t SEED = 0x8BB84B93962EACC9u, FACTOR = 0x2D358DCCAA6C78A5u;
        uint64_t state = SEED;
        GBPF_LOOP
        for (uint32_t at = 0; at < map_.key_size; at += 8) {
            const uint64_t a = state ^ load(key + at, part(map_.key_size, at));
            const uint64_t folded = (a * FACTOR) ^ high_product(a, FACTOR);
            state = (folded * SEED) ^ folded >> 32;
        }
        return state;
    }

    /** Whether a live slot has a key; acquires, so that what is loaded afterwards is as new. */
    GBPF_DEVICE bool has_key(uint32_t slot, uint32_t tag, uint64_t key) const {
        gbpf_hash_slot &s = slot_at(slot);
        if (device_atomic<uint32_t>(s.tag).load(relaxed) != tag) return false;
        GBPF_LOOP
        for (uint32_t at = 0; at < map_.key_size; at += 8) {
            const uint64_t word = device_atomic<uint64_t>(words_of(s)[at / 8]).load(acquire);
            if (word != load(key + at, part(map_.key_size, at))) return false;
        }
        return true;
    }

    // ---- chains ----

    /** The slot of a key, or 0, without a lock. */
    GBPF_DEVICE uint32_t find(uint64_t key, uint64_t hash) const {
        uint64_t &bucket = bucket_of(hash);
        const uint32_t tag = tag_of(hash);
        for (uint32_t look = 0; look < HASH_LOOKS; ++look) {
            const uint64_t before = device_atomic<uint64_t>(bucket).load(acquire);
            uint32_t slot = static_cast<uint32_t>(before);
            for (uint32_t step = 0; slot != 0 && step < HASH_CHAIN; ++step) {
                gbpf_hash_slot &s = slot_at(slot);
                const uint32_t generation = device_atomic<uint32_t>(s.generation).load(acquire);
                if (is_live(generation) && has_key(slot, tag, key) && device_atomic<uint32_t>(s.generation).load(relaxed) == generation) {
                    return slot;
                }
                slot = device_atomic<uint32_t>(s.next).load(acquire);
            }
            if ((device_atomic<uint64_t>(bucket).load(relaxed) ^ before) < HASH_VERSION) return 0;
        }
        uint64_t word;
        if (!lock(bucket, word)) return 0;
        const uint32_t slot = search(word, [&](uint32_t s) { return has_key(s, tag, key); }).slot;
        unlock(bucket, word);
        return slot;
    }

    /** Walks a chain whose lock the caller has. */
    template <class Is> GBPF_DEVICE found search(uint64_t word, Is is) const {
        found at{static_cast<uint32_t>(word), 0, 0};
        while (at.slot != 0 && at.length < HASH_CHAIN && !is(at.slot)) {
            at.before = at.slot;
            at.slot = device_atomic<uint32_t>(slot_at(at.slot).next).load(relaxed);
            ++at.length;
        }
        if (at.length == HASH_CHAIN) at.slot = 0;
        return at;
    }

    GBPF_DEVICE bool lock(uint64_t &bucket, uint64_t &word) const {
        device_atomic<uint64_t> state(bucket);
        for (uint32_t tries = 0; tries < HASH_TRIES; ++tries) {
            word = state.load(relaxed);
            if ((word & HASH_LOCK) == 0 && state.compare_exchange_weak(word, word | HASH_LOCK, acquire, relaxed)) return true;
            nap(tries < 16 ? 32 : 256);
        }
        return false;
    }

    /** Its chain is as it was. */
    GBPF_DEVICE void unlock(uint64_t &bucket, uint64_t word) const { device_atomic<uint64_t>(bucket).store(word, release); }

    /** Its chain has changed, and begins with `first`. */
    GBPF_DEVICE void unlock(uint64_t &bucket, uint64_t word, uint32_t first) const {
        device_atomic<uint64_t>(bucket).store(((word + HASH_VERSION) & ~uint64_t{UINT32_MAX}) | first, release);
    }

    GBPF_DEVICE void insert(uint64_t &bucket, uint64_t word, uint32_t slot, uint64_t hash, uint64_t key, uint64_t value) const {
        gbpf_hash_slot &s = slot_at(slot);
        const uint32_t generation = device_atomic<uint32_t>(s.generation).load(relaxed);
        device_atomic<uint32_t>(s.tag).store(tag_of(hash), relaxed);
        device_atomic<uint32_t>(s.mark).store(0, relaxed);
        write(reinterpret_cast<uint64_t>(words_of(s)), key, map_.key_size);
        write(value_of(slot), value, map_.value_size);
        device_atomic<uint32_t>(s.next).store(static_cast<uint32_t>(word), release); // who comes astray finds its bucket changed
        device_atomic<uint32_t>(s.generation).store(generation + 1, release);
        device_atomic<uint64_t>(live()[(slot - 1) / 64]).fetch_or(uint64_t{1} << ((slot - 1) & 63), release);
        unlock(bucket, word, slot);
    }

    /** Takes a slot out of its chain; it keeps its link, for those who stand on it. */
    GBPF_DEVICE void unlink(uint64_t &bucket, uint64_t word, const found &here) const {
        gbpf_hash_slot &s = slot_at(here.slot);
        const uint32_t next = device_atomic<uint32_t>(s.next).load(relaxed);
        if (here.before != 0) device_atomic<uint32_t>(slot_at(here.before).next).store(next, release);
        const uint32_t generation = device_atomic<uint32_t>(s.generation).load(relaxed);
        device_atomic<uint32_t>(s.generation).store(generation + 1, release);
        device_atomic<uint64_t>(live()[(here.slot - 1) / 64]).fetch_and(~(uint64_t{1} << ((here.slot - 1) & 63)), release);
        unlock(bucket, word, here.before != 0 ? static_cast<uint32_t>(word) : next);
    }

    // ---- slots ----

    /** A slot that nobody has, the one that became free last first; 0: there is none. */
    GBPF_DEVICE uint32_t take() const {
        device_atomic<uint64_t> free(head_.free);
        uint64_t top = free.load(acquire);
        while (static_cast<uint32_t>(top) != 0) {
            const uint32_t next = device_atomic<uint32_t>(slot_at(static_cast<uint32_t>(top)).next).load(relaxed);
            if (free.compare_exchange_weak(top, next_count(top) | next, acq_rel, acquire)) return static_cast<uint32_t>(top);
        }
        device_atomic<uint64_t> fresh(head_.fresh);
        if (fresh.load(relaxed) >= map_.max_entries) return 0;
        const uint64_t mine = fresh.fetch_add(1, relaxed);
        return mine < map_.max_entries ? static_cast<uint32_t>(mine) + 1 : 0;
    }

    /** Gives a slot back. As with take(), who has to try again was overtaken by one who is done. */
    GBPF_DEVICE void give(uint32_t slot) const {
        device_atomic<uint64_t> free(head_.free);
        uint64_t top = free.load(relaxed);
        do {
            device_atomic<uint32_t>(slot_at(slot).next).store(static_cast<uint32_t>(top), release);
        } while (!free.compare_exchange_weak(top, next_count(top) | slot, acq_rel, relaxed));
    }

    /** Counts, so that a slot that came back in between is not taken for one that was there all the time. */
    static GBPF_DEVICE uint64_t next_count(uint64_t top) { return ((top >> 32) + 1) << 32; }

    /** The slot of an entry that was not looked up for long, which is no more; 0: others were faster all the time. */
    GBPF_DEVICE uint32_t evict() const {
        for (uint32_t step = 0; step < 2 * HASH_STEPS; ++step) {
            const uint64_t count = device_atomic<uint64_t>(head_.hand).fetch_add(1, relaxed);
            const uint32_t slot = static_cast<uint32_t>(count % map_.max_entries) + 1;
            gbpf_hash_slot &s = slot_at(slot);
            const uint32_t generation = device_atomic<uint32_t>(s.generation).load(acquire);
            if (!is_live(generation)) {
                const uint32_t other = take();
                if (other != 0) return other;
            } else if (device_atomic<uint32_t>(s.mark).load(relaxed) != 0 && step < HASH_STEPS) {
                device_atomic<uint32_t>(s.mark).store(0, relaxed);
            } else if (remove_slot(slot, generation)) {
                return slot;
            }
        }
        return 0;
    }

    /** Removes the entry of a slot if it is the one of this generation still; the slot is the caller's then. */
    GBPF_DEVICE bool remove_slot(uint32_t slot, uint32_t generation) const {
        gbpf_hash_slot &s = slot_at(slot);
        const uint32_t tag = device_atomic<uint32_t>(s.tag).load(relaxed);
        uint64_t &bucket = bucket_of(uint64_t{tag} << 32);
        uint64_t word;
        if (!lock(bucket, word)) return false;
        const found here = search(word, [&](uint32_t other) { return other == slot; });
        if (here.slot == 0 || device_atomic<uint32_t>(s.generation).load(relaxed) != generation) {
            unlock(bucket, word);
            return false;
        }
        unlink(bucket, word, here);
        return true;
    }

    // ---- what went wrong ----

    GBPF_DEVICE int64_t refuse() const {
        device_atomic<uint64_t>(head_.refused).fetch_add(1, relaxed);
        return GBPF_E2BIG;
    }

    GBPF_DEVICE int64_t give_up(uint32_t place) const {
        if (place != 0) give(place);
        device_atomic<uint64_t>(head_.busy).fetch_add(1, relaxed);
        return GBPF_EAGAIN;
    }

    gbpf_hash &head_;
    const gbpf_map map_;
};

/**
 * What a helper does with a hash: of the interpreter, of compiled programs, which find its address in the hash, and of the host.
 *
 * @param hash address of a struct gbpf_hash
 * @param helper one of the six for maps; for others it does nothing
 * @param key address of the key, or the slot
 * @return r0
 */
GBPF_OUTLINE uint64_t call_hash(uint64_t hash, uint64_t helper, uint64_t key, uint64_t value, uint64_t flags) {
    const hash_table table(*reinterpret_cast<gbpf_hash *>(hash));
    switch (helper) {
        case GBPF_HELPER_MAP_LOOKUP_ELEM: return table.lookup(key);
        case GBPF_HELPER_MAP_UPDATE_ELEM: return static_cast<uint64_t>(table.update(key, value, flags));
        case GBPF_HELPER_MAP_DELETE_ELEM: return static_cast<uint64_t>(table.remove(key));
        case GBPF_HELPER_MAP_NEXT_SLOT: return static_cast<uint64_t>(table.next_slot(key));
        case GBPF_HELPER_MAP_SLOT_KEY: return table.slot_key(key);
        case GBPF_HELPER_MAP_SLOT_VALUE: return table.slot_value(key);
        default: return 0;
    }
}

}  // namespace gbpf
