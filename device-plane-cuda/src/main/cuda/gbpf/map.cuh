// Arrays of all kinds as device programs see them; hashes are in hash.cuh. Memory is laid out as in dev.gbpf.host.map, so that an array travels as it is.
#pragma once

#include "platform.cuh"
#include "table.h"

namespace gbpf {

/** Distance of one element of an array from the next, bytes. */
GBPF_DEVICE uint64_t stride(const gbpf_map &map) { return (map.value_size + uint64_t{7}) & ~uint64_t{7}; }

/** Where a block's elements begin, which are its own in a percpu_array and in counters; 0 when it has none. */
GBPF_DEVICE uint64_t array_base(const gbpf_map &map, uint32_t cpu) {
    if (map.kind == GBPF_MAP_ARRAY || map.kind == GBPF_MAP_SNAPSHOT) return map.address;
    return cpu < map.cpus ? map.address + cpu * ((stride(map) * map.max_entries + 127) & ~uint64_t{127}) : 0;
}

/** Address of an element of an array of either kind, or 0 when there is none of that index. */
GBPF_DEVICE uint64_t array_element(const gbpf_map &map, uint64_t index, uint32_t cpu) {
    const uint64_t base = array_base(map, cpu);
    return base != 0 && index < map.max_entries ? base + index * stride(map) : 0;
}

/** The same, of the index that a key is. */
GBPF_DEVICE uint64_t array_lookup(const gbpf_map &map, uint64_t key, uint32_t cpu) {
    uint32_t index;
    memcpy(&index, reinterpret_cast<const void *>(key), sizeof index);
    return array_element(map, index, cpu);
}

/** Sets the element of an array; Linux's flags: 0 any, 1 only a new key, 2 only a present key. */
GBPF_DEVICE int64_t array_update(const gbpf_map &map, uint64_t key, uint64_t value, uint64_t flags, uint32_t cpu) {
    if (flags > 2) return GBPF_EINVAL;
    if (map.read_only) return GBPF_EPERM;
    uint64_t element = array_lookup(map, key, cpu);
    if (element == 0) return GBPF_E2BIG;
    if (flags == 1) return GBPF_EEXIST;
    memcpy(reinterpret_cast<void *>(element), reinterpret_cast<const void *>(value), map.value_size);
    return 0;
}

}  // namespace gbpf
