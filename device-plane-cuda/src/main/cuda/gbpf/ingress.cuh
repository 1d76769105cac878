// From host rings into the tenants' rings: batches that keep the link busy, one position of each ring at a time.
#pragma once

#include "env.cuh"

namespace gbpf {

constexpr uint32_t INGRESS_ROWS = 16; // of 32 compact tasks: 8 KiB a batch

class ingress {
public:
    GBPF_DEVICE explicit ingress(block_state &s) : s_(s) {}

    /** Moves a batch of one host ring; returns how many tasks. What finds no room stays in the host's ring. */
    GBPF_DEVICE uint32_t move(uint32_t number) {
        plane_view &plane = s_.plane;
        gbpf_host_ring &from = at<gbpf_host_ring>(plane.params.host_ring_address)[number];
        const uint64_t taken = lanes::all().leader([&] { return device_atomic<uint64_t>(plane.taken[number]).load(relaxed); });
        const uint64_t tail = lanes::all().leader([&] { return system_atomic<uint64_t>(from.tail).load(acquire); });
        if (tail == taken) return 0;
        lanes::all().once([&] { count_activity(plane, 1); });
        const uint64_t there = tail - taken;
        const uint32_t n = from.task_bytes == sizeof(gbpf_task) ? described(from, taken, there) : compact(from, taken, there);
        lanes::all().once([&] {
            device_atomic<uint64_t>(plane.taken[number]).store(taken + n, release);
            system_atomic<uint64_t>(from.taken).store(taken + n, release);
            count_activity(plane, -1);
        });
        return n;
    }

private:
    GBPF_DEVICE static uint32_t flags_of(uint32_t flags) { return (flags & ~uint32_t{GBPF_TASK_DESCRIBED}) | GBPF_TASK_VALID; }

    GBPF_DEVICE uint32_t compact(gbpf_host_ring &from, uint64_t taken, uint64_t there) {
        const gbpf_compact_task *slots = at<const gbpf_compact_task>(from.slots_address);
        const uint32_t n = there < INGRESS_ROWS * WARP_LANES ? static_cast<uint32_t>(there) : INGRESS_ROWS * WARP_LANES;
        const uint32_t wrap = from.capacity - 1, tenant = from.tenant;
        lane_array<gbpf_compact_task> rows[INGRESS_ROWS];
        GBPF_UNROLL
        for (uint32_t r = 0; r < INGRESS_ROWS; ++r) {
            lanes::all().each([&](uint32_t lane) {
                const uint32_t i = r * WARP_LANES + lane;
                if (i < n) rows[r][lane] = slots[(taken + i) & wrap];
            });
        }
        uint32_t level = 0;
        bool one_level = true;
        GBPF_UNROLL
        for (uint32_t r = 0; r < INGRESS_ROWS; ++r) {
            lanes::all().each([&](uint32_t lane) {
                rows[r][lane].tenant = static_cast<uint8_t>(tenant);
                rows[r][lane].flags = static_cast<uint8_t>(flags_of(rows[r][lane].flags));
            });
            if (r == 0) level = level_of(from_lane(ALL_LANES, rows[0], 0).flags);
            one_level &= lanes::all().ballot([&](uint32_t lane) {
                return r * WARP_LANES + lane < n && level_of(rows[r][lane].flags) != level;
            }) == 0;
        }
        if (one_level) {
            const uint32_t in = plane().ring_of(tenant, level).template push_rows<INGRESS_ROWS>(
                n, [&](uint32_t r) -> const lane_array<gbpf_compact_task> & { return rows[r]; }, plane().limit());
            announce(tenant, level, in);
            return in;
        }
        return in_order(rows, n, tenant);
    }

    /** Tasks of several levels: runs of one level, one after the other. */
    GBPF_DEVICE uint32_t in_order(const lane_array<gbpf_compact_task> (&rows)[INGRESS_ROWS], uint32_t n, uint32_t tenant) {
        uint32_t moved = 0;
        bool room = true;
        GBPF_UNROLL
        for (uint32_t r = 0; r < INGRESS_ROWS; ++r) {
            const uint32_t left = n > r * WARP_LANES ? n - r * WARP_LANES : 0;
            uint32_t mask = left >= WARP_LANES ? ALL_LANES : (1u << left) - 1;
            while (room && mask != 0) {
                const uint32_t level = level_of(from_lane(ALL_LANES, rows[r], lowest_bit(mask)).flags);
                const uint32_t others = mask & lanes::all().ballot([&](uint32_t lane) { return level_of(rows[r][lane].flags) != level; });
                const uint32_t run = others == 0 ? mask : mask & ((others & (0 - others)) - 1);
                uint32_t in = 0;
                in_group(lanes{run}, [&] { in = enqueue(plane(), lanes{run}, rows[r], tenant, level); });
                in = spread(in);
                moved += count_bits(in);
                room = in == run;
                mask &= ~run;
            }
        }
        return moved;
    }

    /** Tasks of 64 bytes: 64 of them, 4 KiB, each into a descriptor. */
    GBPF_DEVICE uint32_t described(gbpf_host_ring &from, uint64_t taken, uint64_t there) {
        const gbpf_task *slots = at<const gbpf_task>(from.slots_address);
        uint32_t moved = 0;
        for (uint32_t r = 0; r < 2; ++r) {
            const uint64_t left = there > r * WARP_LANES ? there - r * WARP_LANES : 0;
            const uint32_t want = left < WARP_LANES ? static_cast<uint32_t>(left) : WARP_LANES;
            lane_array<uint32_t> numbers;
            const lanes takers{want == WARP_LANES ? ALL_LANES : (1u << want) - 1};
            uint32_t got = 0;
            if (want != 0) in_group(takers, [&] { got = take_descriptors(plane(), takers, from.tenant, numbers); });
            got = spread(got);
            if (got == 0) return moved;
            lane_array<gbpf_compact_task> tasks;
            for_lanes(got, [&](uint32_t lane) {
                gbpf_task task = slots[(taken + r * WARP_LANES + lane) & (from.capacity - 1)];
                task.tenant = static_cast<uint16_t>(from.tenant);
                plane().descriptors[numbers[lane]] = task;
                const uint32_t flags = flags_of(task.flags & ~uint32_t{GBPF_TASK_KIND}) | (task.kind & GBPF_TASK_KIND) | GBPF_TASK_DESCRIBED;
                tasks[lane] = gbpf_compact_task{static_cast<uint16_t>(task.function), static_cast<uint8_t>(from.tenant),
                    static_cast<uint8_t>(flags), numbers[lane], 0};
            });
            uint32_t mask = got;
            bool room = true;
            while (room && mask != 0) {
                const uint32_t level = level_of(from_lane(ALL_LANES, tasks, lowest_bit(mask)).flags);
                const uint32_t others = mask & lanes::all().ballot([&](uint32_t lane) {
                    return (got >> lane & 1) && level_of(tasks[lane].flags) != level;
                });
                const uint32_t run = others == 0 ? mask : mask & ((others & (0 - others)) - 1);
                uint32_t in = 0;
                in_group(lanes{run}, [&] { in = enqueue(plane(), lanes{run}, tasks, from.tenant, level); });
                in = spread(in);
                moved += count_bits(in);
                mask &= ~in;
                room = in == run;
            }
            if (mask != 0) { // no room for these: they are read again later
                in_group(lanes{mask}, [&] { give_descriptors(plane(), lanes{mask}, from.tenant, numbers); });
                return moved;
            }
            if (count_bits(got) < want) return moved; // the next row begins after what was not taken here
        }
        return moved;
    }

    GBPF_DEVICE void announce(uint32_t tenant, uint32_t level, uint32_t n) {
        if (n == 0) return;
        lanes::all().once([&] {
            mark(plane().board->backlog, tenant);
            if (level == GBPF_RING_URGENT) mark(plane().board->urgent, tenant);
        });
    }

    GBPF_DEVICE plane_view &plane() { return s_.plane; }

    block_state &s_;
};

}  // namespace gbpf
