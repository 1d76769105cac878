// Maps as device programs see them. Memory is laid out as in dev.gbpf.host.map, so that an array travels as it is.
#pragma once

#include "abi.h"
#include "platform.cuh"

namespace gbpf {

/** Where a map is and what it has. */
struct device_map {
    uint32_t kind;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    /** Of its memory, generic. */
    uint64_t address;
    /** Whether programs may not change it. */
    uint32_t read_only;
    uint32_t reserved;
};
static_assert(sizeof(device_map) == 32);

/** Distance of one element of an array from the next, bytes. */
GBPF_DEVICE uint64_t stride(const device_map &map) { return (map.value_size + uint64_t{7}) & ~uint64_t{7}; }

/** Address of an element of an array, or 0 when there is none of that index. */
GBPF_DEVICE uint64_t array_element(const device_map &map, uint64_t index) {
    return index < map.max_entries ? map.address + index * stride(map) : 0;
}

/** The same, of the index that a key is. */
GBPF_DEVICE uint64_t array_lookup(const device_map &map, uint64_t key) {
    uint32_t index;
    memcpy(&index, reinterpret_cast<const void *>(key), sizeof index);
    return array_element(map, index);
}

/** Sets the element of an array; Linux's flags: 0 any, 1 only a new key, 2 only a present key. */
GBPF_DEVICE int64_t array_update(const device_map &map, uint64_t key, uint64_t value, uint64_t flags) {
    if (flags > 2) return GBPF_EINVAL;
    if (map.read_only) return GBPF_EPERM;
    uint64_t element = array_lookup(map, key);
    if (element == 0) return GBPF_E2BIG;
    if (flags == 1) return GBPF_EEXIST;
    memcpy(reinterpret_cast<void *>(element), reinterpret_cast<const void *>(value), map.value_size);
    return 0;
}

}  // namespace gbpf
