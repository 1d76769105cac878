// What a block has of the policy table: copies in shared memory, where the interpreter reads programs.
//
// A warp of the control block watches for a new table of the host's, and tells all blocks of it; nobody waits for a tick. The control block has
// the programs of ticks, and takes the table between two of them. A worker block has the program of cta_admit in two halves: a new one
// is copied into the half that nobody runs, then the block turns to it, and when the last run of the old one has ended the block says
// so. So each answer is of one epoch, nobody waits, and a table that no block has is free.
#pragma once

#include "env.cuh"
#include "hash.cuh"
#include "table.h"

namespace gbpf {

/** The number of a hook's bit and program. */
GBPF_BOTH_SIDES constexpr uint32_t table_index(uint32_t hook) { return hook - GBPF_TABLE_FIRST_HOOK; }
constexpr uint32_t ADMISSION = 1u << table_index(GBPF_HOOK_CTA_ADMIT);
constexpr uint32_t TICKS = ((1u << GBPF_TABLE_HOOKS) - 1) & ~ADMISSION;

/**
 * A program as machine code, which dev.gbpf.cuda.ptx.PtxModule makes. It is proved that it keeps to its memory and ends, so that there is
 * nothing left to report.
 *
 * @param cpu which values of a percpu_array are its own
 * @param log where it logs; 0: nowhere
 */
using compiled_program = uint64_t (*)(void *context, uint64_t now_ns, uint32_t cpu, uint64_t log);

/** A copy of what a block needs of a table. */
struct table_copy {
    gbpf_policy_table table; // but its programs begin where their copies do
    uint64_t code[GBPF_TABLE_HOOKS]; // compiled_program of each hook; 0: interpreted
    uint32_t has; // bit of each hook whose program was copied
    gbpf_map map[GBPF_TABLE_MAPS];
};

struct table_state {
    uint32_t has;    // bit of each hook that a program answers now
    uint32_t active; // the half that decides; the control block uses the first only
    uint32_t running[2]; // runs of each half's program
    uint64_t told;   // the epoch that the plane was told of; control block: the epoch that is settled
    uint64_t changed; // the last change of a map that the host asked for; control block
    table_copy copies[2];
    gbpf_micro_op operations[GBPF_TABLE_TICK_ROOM]; // the control block's, or a half for each copy
    // The control block's:
    uint64_t newest_address; // the table that blocks were told of; written before its epoch
    uint64_t newest_epoch;
    uint64_t ticking; // the epoch that ticks decide by
};
static_assert(2 * GBPF_TABLE_ADMIT_ROOM <= GBPF_TABLE_TICK_ROOM, "two halves");

/** With what warps use all the time, since each task asks whether a program decides about it. */
struct policy_memory : worker_memory {
    table_state table;
};

/** A word of a table: from where all see it, since caches of SMs may have what was there before. */
GBPF_DEVICE uint64_t word_of(const void *from, uint64_t index) {
    return device_atomic<uint64_t>(const_cast<uint64_t *>(static_cast<const uint64_t *>(from))[index]).load(relaxed);
}

/** Copies so many words; called by a whole warp. */
GBPF_DEVICE void copy_words(const void *from, void *to, uint64_t words) {
    constexpr uint32_t AT_ONCE = 8; // loads of a lane that are under way together
    lanes::all().each([&](uint32_t lane) {
        for (uint64_t base = lane; base < words; base += AT_ONCE * WARP_LANES) {
            uint64_t some[AT_ONCE];
            GBPF_UNROLL
            for (uint32_t k = 0; k < AT_ONCE; ++k) some[k] = base + k * WARP_LANES < words ? word_of(from, base + k * WARP_LANES) : 0;
            GBPF_UNROLL
            for (uint32_t k = 0; k < AT_ONCE; ++k) {
                if (base + k * WARP_LANES < words) static_cast<uint64_t *>(to)[base + k * WARP_LANES] = some[k];
            }
        }
    });
}

/**
 * Copies what a block needs of a table that the caller knows to be complete; called by a whole warp.
 *
 * @param hooks bits of the hooks whose programs it needs
 * @param room of operations
 * @return false when the table is of another version, or its programs or maps have no room: then the copy has no programs
 */
GBPF_DEVICE bool copy_table(const gbpf_policy_table *from, uint32_t hooks, table_copy &to, gbpf_micro_op *operations, uint32_t room) {
    gbpf_policy_table &table = to.table;
    copy_words(from, &table, sizeof table / 8);
    const uint32_t fits = lanes::all().leader([&]() -> uint32_t {
        uint64_t needed = 0;
        uint32_t has = 0;
        bool good = table.version == GBPF_TABLE_VERSION && table.maps <= GBPF_TABLE_MAPS;
        for (uint32_t i = 0; i < GBPF_TABLE_HOOKS; ++i) {
            const gbpf_table_program &p = table.programs[i];
            if ((hooks >> i & 1) == 0 || p.count == 0) continue;
            good = good && uint64_t{p.first} + p.count <= table.operations;
            needed += p.count;
            has |= 1u << i;
        }
        good = good && needed <= room;
        to.has = good ? has : 0;
        return good ? 1 : 0;
    });
    if (fits == 0) return false;
    if (table.code_address != 0) {
        copy_words(at<uint64_t>(table.code_address), to.code, GBPF_TABLE_HOOKS);
    } else {
        lanes::all().once([&] {
            for (uint64_t &code : to.code) code = 0;
        });
    }
    copy_words(at<gbpf_map>(table.maps_address), to.map, table.maps * sizeof(gbpf_map) / 8);
    uint32_t next = 0;
    for (uint32_t i = 0; i < GBPF_TABLE_HOOKS; ++i) {
        if ((to.has >> i & 1) == 0) continue;
        const uint32_t first = table.programs[i].first, count = table.programs[i].count;
        copy_words(at<gbpf_micro_op>(table.operations_address) + first, operations + next, uint64_t{count} * sizeof(gbpf_micro_op) / 8);
        lanes::all().once([&] { table.programs[i].first = next; });
        next += count;
    }
    return true;
}

/** Tells hashes which function does the helpers of compiled programs; called by a whole warp, before programs of the table run. */
GBPF_OUTLINE void lend_helpers(const table_copy &copy) {
    lanes::all().each([&](uint32_t lane) {
        for (uint32_t i = lane; i < copy.table.maps; i += WARP_LANES) {
            if (!is_hash(copy.map[i].kind)) continue;
            device_atomic<uint64_t>(at<gbpf_hash>(copy.map[i].address)->call).store(reinterpret_cast<uint64_t>(&call_hash), relaxed);
        }
    });
}

/** Whether a table is that of an epoch, and then complete; called by one lane. */
GBPF_DEVICE bool is_table_of(const gbpf_policy_table *table, uint64_t epoch) {
    return table != nullptr && system_atomic<uint64_t>(const_cast<gbpf_policy_table *>(table)->epoch).load(acquire) == epoch;
}

/** Where a table is. */
struct table_place {
    uint64_t address;
    uint64_t epoch; // 0: there is none
};

/**
 * The host's table when it is newer than an epoch; called by one lane. Its words were read at once, so that one may be newer than the other: then
 * the table is not of the epoch, and this gives none.
 */
GBPF_DEVICE table_place newer_table(const table_place &hosts, uint64_t than) {
    return hosts.epoch > than && is_table_of(at<gbpf_policy_table>(hosts.address), hosts.epoch) ? hosts : table_place{0, 0};
}

/** Tells all blocks of a table, which turn to it, and the host that they do; called by one lane of the control block. */
GBPF_DEVICE void announce_table(table_state &t, block_state &s, const table_place &place) {
    gbpf_board &board = *s.plane.board;
    block_atomic<uint64_t>(t.newest_address).store(place.address, relaxed);
    block_atomic<uint64_t>(t.newest_epoch).store(place.epoch, release);
    // Not after a fence: who sees the epoch before the address finds a table of another epoch there, and looks again.
    device_atomic<uint64_t>(board.policy_address).store(place.address, relaxed);
    device_atomic<uint64_t>(board.policy_epoch).store(place.epoch, together_release);
    system_atomic<uint64_t>(s.plane.status().policy_epoch).store(place.epoch, relaxed);
}

/** The policy that an epoch brought is out; returns whether it was this that ejected it. Called by one lane. */
GBPF_DEVICE bool eject(gbpf_board &board, uint64_t epoch) {
    device_atomic<uint64_t> ejected(board.policy_ejected);
    uint64_t before = ejected.load(relaxed);
    while (before < epoch) {
        if (ejected.compare_exchange_weak(before, epoch, acq_rel, relaxed)) return true;
    }
    return false;
}

/** Writes the record of the fault that ejected a policy; called by the lane that did. */
GBPF_DEVICE void write_fault(uint64_t fault_address, uint64_t epoch, const gbpf_policy_fault &fault) {
    if (fault_address == 0) return;
    gbpf_policy_fault &record = *at<gbpf_policy_fault>(fault_address);
    record.kind = fault.kind;
    record.hook = fault.hook;
    record.at = fault.at;
    record.tenant = fault.tenant;
    record.vslice = fault.vslice;
    record.block = fault.block;
    record.now_ns = fault.now_ns;
    for (uint32_t i = 0; i < sizeof record.registers / 8; ++i) record.registers[i] = fault.registers[i];
    system_atomic<uint64_t>(record.epoch).store(epoch, release);
}

/** Ejects a policy for what no program of it ran into; called by one lane. */
GBPF_OUTLINE void eject_whole(block_state &s, const table_copy &copy, uint32_t kind, uint32_t tenant) {
    gbpf_board &board = *s.plane.board;
    device_atomic<uint64_t>(board.policy_faults).fetch_add(1, relaxed);
    if (!eject(board, copy.table.epoch)) return;
    gbpf_policy_fault fault{};
    fault.kind = kind;
    fault.tenant = tenant;
    fault.block = s.index;
    fault.now_ns = now_ns();
    write_fault(copy.table.fault_address, copy.table.epoch, fault);
}

/** A table that has no room ejects itself; called by one lane. */
GBPF_DEVICE void refuse_table(block_state &s, const table_copy &copy) { eject_whole(s, copy, GBPF_FAULT_TABLE, 0); }

/** Takes a table for a worker block into a half that nobody runs, and turns to it; called by a whole warp, one at a time. */
GBPF_DEVICE void turn_to(table_state &t, block_state &s, const gbpf_policy_table *from, uint32_t half) {
    table_copy &copy = t.copies[half];
    const bool fits = copy_table(from, ADMISSION, copy, t.operations + half * GBPF_TABLE_ADMIT_ROOM, GBPF_TABLE_ADMIT_ROOM);
    lanes::all().once([&] {
        if (!fits) refuse_table(s, copy);
        block_atomic<uint32_t>(t.active).store(half, release);
        poke(t.has, copy.has);
    });
}

/** Makes a block's state ready, and takes the host's table, so that none of its tasks starts without; called by its first warp. */
GBPF_DEVICE void open_table(table_state &t, block_state &s, const table_place &hosts) {
    lanes::all().once([&] {
        t.has = 0;
        t.active = 0;
        t.running[0] = t.running[1] = 0;
        t.told = 0;
        t.changed = s.is_control() ? system_atomic<uint64_t>(s.plane.status().map_change).load(relaxed) : 0;
        t.newest_address = t.newest_epoch = t.ticking = 0;
        t.copies[0].table.epoch = t.copies[1].table.epoch = 0;
        t.copies[0].has = t.copies[1].has = 0;
    });
    const table_place newest = lanes::all().leader([&] { return newer_table(hosts, 0); });
    if (newest.epoch == 0) return;
    if (s.is_control()) { // the first tick takes it
        lanes::all().once([&] { announce_table(t, s, newest); });
        return;
    }
    turn_to(t, s, at<gbpf_policy_table>(newest.address), 1);
    lanes::all().once([&] {
        if (device_atomic<uint64_t>(s.plane.board->policy_ejected).load(relaxed) >= t.copies[1].table.epoch) t.has = 0;
    });
}

}  // namespace gbpf
