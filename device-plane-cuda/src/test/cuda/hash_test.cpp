// Hashes of device programs: against a model, and under threads.
#include <algorithm>
#include <atomic>
#include <map>
#include <optional>

#include "gbpf/hash.cuh"
#include "tests.h"

using namespace gbpf;

namespace {

/** A hash in memory of its own, with keys and values of 8 bytes. */
class small_hash {
public:
    small_hash(uint32_t kind, uint32_t entries) : entries_(entries) {
        uint32_t bits = 1;
        while ((1u << bits) < entries) ++bits;
        words_.resize(sizeof(gbpf_hash) / 8 + (entries + 63) / 64 + (uint64_t{1} << bits) + entries * uint64_t{4});
        head().map = gbpf_map{kind, 8, 8, entries, reinterpret_cast<uint64_t>(words_.data()), 0, bits};
    }
    gbpf_hash &head() { return *reinterpret_cast<gbpf_hash *>(words_.data()); }

    int64_t call(uint32_t helper, uint64_t key, uint64_t value = 0, uint64_t flags = 0) {
        return static_cast<int64_t>(call_hash(reinterpret_cast<uint64_t>(&head()), helper, reinterpret_cast<uint64_t>(&key),
            reinterpret_cast<uint64_t>(&value), flags));
    }
    int64_t put(uint64_t key, uint64_t value, uint64_t flags = 0) { return call(GBPF_HELPER_MAP_UPDATE_ELEM, key, value, flags); }
    int64_t remove(uint64_t key) { return call(GBPF_HELPER_MAP_DELETE_ELEM, key); }
    /** The value's place, or null. */
    uint64_t *find(uint64_t key) { return reinterpret_cast<uint64_t *>(call(GBPF_HELPER_MAP_LOOKUP_ELEM, key)); }
    std::optional<uint64_t> get(uint64_t key) {
        uint64_t *value = find(key);
        return value == nullptr ? std::nullopt : std::optional(device_atomic<uint64_t>(*value).load(relaxed));
    }
    int64_t next(uint64_t slot) { return by_slot(GBPF_HELPER_MAP_NEXT_SLOT, slot); }
    uint64_t key(uint64_t slot) { return static_cast<uint64_t>(by_slot(GBPF_HELPER_MAP_SLOT_KEY, slot)); }
    uint64_t *value(uint64_t slot) { return reinterpret_cast<uint64_t *>(by_slot(GBPF_HELPER_MAP_SLOT_VALUE, slot)); }

    /** All entries, slot by slot. */
    std::map<uint64_t, uint64_t> entries() {
        std::map<uint64_t, uint64_t> all;
        for (int64_t slot = next(0); slot >= 0; slot = next(static_cast<uint64_t>(slot) + 1)) {
            CHECK(all.emplace(key(slot), *value(slot)).second);
        }
        return all;
    }

    /** When nobody uses it: each slot is in a chain or free, once, or was never in use. */
    void check() {
        const uint64_t *buckets = words_.data() + sizeof(gbpf_hash) / 8 + (entries_ + 63) / 64;
        const uint64_t count = uint64_t{1} << head().map.cpus;
        std::vector<int> seen(entries_);
        uint32_t live = 0;
        for (uint64_t b = 0; b < count; ++b) {
            CHECK((buckets[b] & HASH_LOCK) == 0);
            for (auto slot = static_cast<uint32_t>(buckets[b]); slot != 0; slot = at(slot).next) {
                CHECK(++seen[slot - 1] == 1);
                CHECK((at(slot).generation & 1) == 1);
                ++live;
            }
        }
        for (auto slot = static_cast<uint32_t>(head().free); slot != 0; slot = at(slot).next) {
            CHECK(++seen[slot - 1] == 1);
            CHECK((at(slot).generation & 1) == 0);
        }
        const uint64_t fresh = std::min<uint64_t>(head().fresh, entries_);
        for (uint64_t i = 0; i < entries_; ++i) CHECK(seen[i] == (i < fresh ? 1 : 0));
        CHECK(entries().size() == live);
    }

private:
    int64_t by_slot(uint32_t helper, uint64_t slot) {
        return static_cast<int64_t>(call_hash(reinterpret_cast<uint64_t>(&head()), helper, slot, 0, 0));
    }
    gbpf_hash_slot &at(uint32_t slot) {
        uint64_t *slots = words_.data() + sizeof(gbpf_hash) / 8 + (entries_ + 63) / 64 + (uint64_t{1} << head().map.cpus);
        return *reinterpret_cast<gbpf_hash_slot *>(slots + (slot - 1) * uint64_t{4});
    }

    uint32_t entries_;
    std::vector<uint64_t> words_;
};

void hash_underRandomOperations_isAMap() {
    random_numbers random(7);
    for (uint32_t entries : {1u, 2u, 5u, 64u, 100u}) {
        small_hash hash(GBPF_MAP_HASH, entries);
        std::map<uint64_t, uint64_t> model;
        for (uint32_t i = 0; i < 20000; ++i) {
            const uint64_t key = random.below(entries * 2), value = random.next();
            const uint32_t flags = random.below(4);
            const bool is_there = model.count(key) != 0;
            switch (random.below(4)) {
                case 0:
                    CHECK(hash.remove(key) == (is_there ? 0 : GBPF_ENOENT));
                    model.erase(key);
                    break;
                case 1: {
                    const std::optional<uint64_t> got = hash.get(key);
                    CHECK(got.has_value() == is_there && (!is_there || *got == model[key]));
                    break;
                }
                default: {
                    const int64_t expected = flags == 3 ? GBPF_EINVAL
                        : is_there                      ? (flags == 1 ? GBPF_EEXIST : 0)
                        : flags == 2                    ? GBPF_ENOENT
                        : model.size() == entries       ? GBPF_E2BIG
                                                        : 0;
                    CHECK(hash.put(key, value, flags) == expected);
                    if (expected == 0) model[key] = value;
                }
            }
            if (i % 500 == 0) {
                hash.check();
                CHECK(hash.entries() == model);
            }
        }
    }
}

void lru_whenFull_keepsWhatIsLookedUp() {
    small_hash hash(GBPF_MAP_LRU_HASH, 16);
    for (uint64_t key = 0; key < 16; ++key) CHECK(hash.put(key, key) == 0);
    for (uint64_t key = 16; key < 400; ++key) {
        CHECK(hash.get(3) == 3u);
        CHECK(hash.put(key, key) == 0);
        CHECK(hash.get(key) == key);
    }
    CHECK(hash.entries().size() == 16 && hash.head().refused == 0);
    hash.check();
}

void chain_thatIsFull_refuses_andEndsEachWalk() {
    small_hash hash(GBPF_MAP_HASH, 4096);
    // Keys of one bucket, found by trying: a key's bucket shows when it is the only entry.
    const auto bucket_of = [](small_hash &of) {
        const uint64_t *buckets = reinterpret_cast<uint64_t *>(&of.head() + 1) + 64;
        return static_cast<uint64_t>(std::find_if(buckets, buckets + 4096, [](uint64_t b) { return static_cast<uint32_t>(b) != 0; }) - buckets);
    };
    small_hash probe(GBPF_MAP_HASH, 4096);
    std::vector<uint64_t> same;
    uint64_t wanted = 0;
    for (uint64_t key = 0; same.size() < HASH_CHAIN + 2; ++key) {
        CHECK(probe.put(key, 0) == 0);
        const uint64_t bucket = key == 0 ? wanted = bucket_of(probe) : bucket_of(probe);
        CHECK(probe.remove(key) == 0);
        if (bucket == wanted) same.push_back(key);
    }
    for (uint32_t i = 0; i < HASH_CHAIN; ++i) CHECK(hash.put(same[i], i) == 0);
    CHECK(hash.put(same[HASH_CHAIN], 1) == GBPF_E2BIG && hash.head().refused == 1);
    CHECK(hash.get(same[0]) == 0u && !hash.get(same[HASH_CHAIN]).has_value());
    CHECK(hash.put(same[0], 9) == 0 && hash.remove(same[1]) == 0);
    CHECK(hash.put(same[HASH_CHAIN], 1) == 0 && hash.put(same[HASH_CHAIN + 1], 1) == GBPF_E2BIG);
    hash.check();
}

/** Threads that put only new keys and remove them again: of each key one at a time succeeds, and what is left is what they say. */
void hash_underThreads_isOneMapForAll() {
    constexpr uint32_t THREADS = 4, KEYS = 24, ROUNDS = 30000;
    for (uint32_t entries : {8u, 16u, 64u}) {
        small_hash hash(GBPF_MAP_HASH, entries);
        std::vector<std::atomic<int32_t>> there(KEYS); // as the threads count it
        std::atomic<uint64_t> full{0};
        in_threads(THREADS, [&](unsigned thread) {
            random_numbers random(thread + entries);
            for (uint32_t i = 0; i < ROUNDS; ++i) {
                const uint32_t key = random.below(KEYS);
                const uint64_t value = uint64_t{key} << 32 | random.below(1000);
                switch (random.below(4)) {
                    case 0: {
                        const int64_t put = hash.put(key, value, 1);
                        CHECK(put == 0 || put == GBPF_EEXIST || put == GBPF_E2BIG);
                        if (put == 0) there[key].fetch_add(1, relaxed);
                        if (put == GBPF_E2BIG) full.fetch_add(1, relaxed);
                        break;
                    }
                    case 1: {
                        const int64_t gone = hash.remove(key);
                        CHECK(gone == 0 || gone == GBPF_ENOENT);
                        if (gone == 0) there[key].fetch_sub(1, relaxed);
                        break;
                    }
                    case 2: {
                        const int64_t put = hash.put(key, value, 2);
                        CHECK(put == 0 || put == GBPF_ENOENT);
                        break;
                    }
                    default:
                        (void)hash.get(key);
                        for (int64_t slot = hash.next(random.below(entries)); slot >= 0; slot = hash.next(static_cast<uint64_t>(slot) + 1)) {
                            CHECK(slot < entries && hash.key(static_cast<uint64_t>(slot)) < KEYS);
                        }
                }
            }
        });
        CHECK((full.load() == 0) == (entries > KEYS) && hash.head().refused == full.load() && hash.head().busy == 0);
        hash.check();
        for (const auto &[key, value] : hash.entries()) CHECK(value >> 32 == key);
        for (uint32_t key = 0; key < KEYS; ++key) CHECK(there[key].load() == (hash.get(key).has_value() ? 1 : 0));
    }
}

/** What is always there is always found, whatever happens in the same chains. */
void lookups_amongChanges_missNothing() {
    small_hash hash(GBPF_MAP_HASH, 64);
    for (uint64_t key = 0; key < 16; ++key) CHECK(hash.put(key, key) == 0);
    std::atomic<bool> over{false};
    in_threads(4, [&](unsigned thread) {
        random_numbers random(thread);
        if (thread < 2) {
            for (uint32_t i = 0; i < 100000; ++i) {
                const uint64_t key = 1000 + random.below(80);
                if (random.below(2) == 0) (void)hash.put(key, key); else (void)hash.remove(key);
            }
            over = true;
        } else {
            while (!over) {
                const uint64_t key = random.below(16);
                CHECK(hash.get(key) == key);
                CHECK(hash.put(key, key, 2) == 0);
            }
        }
    });
    hash.check();
}

/** Counters that any lane makes when it is the first one: no count is lost. */
void counters_madeByWhoComesFirst_countAll() {
    constexpr uint32_t THREADS = 4, KEYS = 40, ROUNDS = 60000;
    small_hash hash(GBPF_MAP_HASH, KEYS);
    in_threads(THREADS, [&](unsigned thread) {
        random_numbers random(thread);
        for (uint32_t i = 0; i < ROUNDS; ++i) {
            const uint64_t key = random.below(KEYS);
            uint64_t *value = hash.find(key);
            if (value == nullptr) {
                const int64_t put = hash.put(key, 0, 1);
                CHECK(put == 0 || put == GBPF_EEXIST);
                value = hash.find(key);
            }
            CHECK(value != nullptr);
            device_atomic<uint64_t>(*value).fetch_add(1, relaxed);
        }
    });
    uint64_t sum = 0;
    for (const auto &[key, value] : hash.entries()) sum += value;
    CHECK(sum == uint64_t{THREADS} * ROUNDS);
    hash.check();
}

void lru_underThreads_isNeverFull() {
    small_hash hash(GBPF_MAP_LRU_HASH, 32);
    std::atomic<uint64_t> busy{0}; // where a thread lost its processor while it held what another one wanted
    in_threads(4, [&](unsigned thread) {
        random_numbers random(thread);
        for (uint32_t i = 0; i < 60000; ++i) {
            const uint64_t key = random.below(200);
            int64_t did = 0;
            if (random.below(8) == 0) {
                did = hash.remove(key);
                CHECK(did == 0 || did == GBPF_ENOENT || did == GBPF_EAGAIN);
            } else if (!hash.get(key).has_value()) {
                did = hash.put(key, key << 32);
                CHECK(did == 0 || did == GBPF_EAGAIN);
            }
            if (did == GBPF_EAGAIN) ++busy;
        }
    });
    CHECK(hash.head().refused == 0 && hash.head().busy == busy);
    hash.check();
    for (const auto &[key, value] : hash.entries()) CHECK(value == key << 32);
}

}  // namespace

const std::vector<test_case> HASH_TESTS = {
    {"hash_underRandomOperations_isAMap", hash_underRandomOperations_isAMap},
    {"lru_whenFull_keepsWhatIsLookedUp", lru_whenFull_keepsWhatIsLookedUp},
    {"chain_thatIsFull_refuses_andEndsEachWalk", chain_thatIsFull_refuses_andEndsEachWalk},
    {"hash_underThreads_isOneMapForAll", hash_underThreads_isOneMapForAll},
    {"lookups_amongChanges_missNothing", lookups_amongChanges_missNothing},
    {"counters_madeByWhoComesFirst_countAll", counters_madeByWhoComesFirst_countAll},
    {"lru_underThreads_isNeverFull", lru_underThreads_isNeverFull},
};
