// The policy whose programs a table brings; what it leaves out, and all after a fault, is the built-in fair policy's.
#pragma once

#include "table.cuh"
#include "vm.cuh"

namespace gbpf {

/** Undoes what a program said before it faulted. */
GBPF_DEVICE void forget(gbpf_sm_tick_ctx &ctx) { ctx.refill_ns = ctx.share = 0; }
GBPF_DEVICE void forget(gbpf_cta_admit_ctx &ctx) { ctx.next = 0; }
GBPF_DEVICE void forget(gbpf_warp_throttle_ctx &) {}
GBPF_DEVICE void forget(gbpf_dma_tick_ctx &ctx) { ctx.budget_bytes = 0; }
GBPF_DEVICE void forget(gbpf_mem_event_ctx &ctx) { ctx.blocks = ctx.from = 0; }
GBPF_DEVICE void forget(gbpf_therm_tick_ctx &) {}

/** Does a change of a hash that the host asks for, in its name; called by a whole warp. */
GBPF_OUTLINE void serve_change(table_state &t, block_state &s, uint64_t address, uint64_t number) {
    lanes::all().once([&] {
        t.changed = number;
        system_fence(); // what is there was written before the number
        const gbpf_map_change &wish = *at<gbpf_map_change>(address);
        const uint64_t answer = call_hash(wish.hash, wish.helper, wish.key_address, wish.value_address, wish.flags);
        gbpf_host_status &status = s.plane.status();
        system_atomic<uint64_t>(status.map_answer).store(answer, relaxed);
        system_atomic<uint64_t>(status.map_change).store(number, release);
    });
}

/** Whom a program is asked about. */
template <class Context> GBPF_DEVICE uint32_t tenant_of(const Context &ctx) { return ctx.tenant; }
GBPF_DEVICE uint32_t tenant_of(const gbpf_therm_tick_ctx &) { return 0; }

/** Takes the half that decides, so that it stays what it is until the run ends. */
GBPF_DEVICE uint32_t enter_half(table_state &t) {
    while (true) {
        const uint32_t half = block_atomic<uint32_t>(t.active).load(acquire);
        block_atomic<uint32_t>(t.running[half]).fetch_add(1, acq_rel);
        if (block_atomic<uint32_t>(t.active).load(acquire) == half) return half;
        block_atomic<uint32_t>(t.running[half]).fetch_sub(1, release); // the block turned meanwhile
    }
}

/** Whether nobody runs a half that the block has turned from; nobody begins to, either. */
GBPF_DEVICE bool is_left(table_state &t, uint32_t half) {
    return block_atomic<uint32_t>(t.running[half]).fetch_add(0, acq_rel) == 0; // in one order with enter_half's
}

/** The policy that a fault ejects, and the record of the first one; called by the lane whose program faulted. */
template <class Context>
GBPF_DEVICE void report_fault(table_state &t, block_state &s, const table_copy &copy, uint32_t hook, const Context &ctx, const fault_record &why) {
    gbpf_board &board = *s.plane.board;
    device_atomic<uint64_t>(board.policy_faults).fetch_add(1, relaxed);
    if (s.is_control()) poke(t.has, 0u); // worker blocks see it after the next tick
    if (!eject(board, copy.table.epoch)) return;
    gbpf_policy_fault fault;
    fault.kind = static_cast<uint32_t>(why.kind);
    fault.hook = hook;
    fault.at = why.at;
    fault.tenant = tenant_of(ctx);
    fault.vslice = ctx.vslice;
    fault.block = s.index;
    fault.now_ns = ctx.now_ns;
    for (uint32_t i = 0; i < VM_REGISTERS; ++i) fault.registers[i] = why.registers[i];
    write_fault(copy.table.fault_address, copy.table.epoch, fault);
}

/** Interprets a hook's program of a copy; `otherwise` when it faulted. */
template <uint32_t HOOK, class Context>
GBPF_DEVICE uint64_t interpret(table_state &t, block_state &s, const table_copy &copy, uint32_t first, Context *ctx, uint64_t otherwise) {
    const gbpf_table_program &program = copy.table.programs[table_index(HOOK)];
    vm_env env;
    env.maps = copy.map;
    env.map_count = copy.table.maps;
    env.sm = sm_id();
    env.cpu = s.index;
    env.log = at<gbpf_policy_log>(copy.table.log_address);
    env.random = ((ctx->now_ns ^ reinterpret_cast<uint64_t>(ctx)) * 0x9E3779B97F4A7C15u + cycles()) | 1;
    env.now_ns = ctx->now_ns;
    env.fault.kind = fault_kind::none;
#if !GBPF_GPU
    env.helpers = nullptr;
#endif
    const gbpf_micro_op *code = t.operations + first + program.first;
    const uint64_t answer = vm_run(code, reinterpret_cast<uint64_t>(ctx), 0, program.jumps, env);
    if (env.fault.kind == fault_kind::none) return answer;
    forget(*ctx);
    report_fault(t, s, copy, HOOK, *ctx, env.fault);
    return otherwise;
}

/**
 * Runs a hook's program once in the calling lane; `otherwise` when there is none after all, or it faulted. Machine code has the stack
 * that vm_run would have: the host takes none that needs more, since it is called by its address, of which the linker knows nothing.
 */
template <uint32_t HOOK, class Context>
GBPF_DEVICE_CALL uint64_t ask_program(table_state &t, block_state &s, Context *ctx, uint64_t otherwise) {
    static_assert(VM_FRAMES * VM_FRAME_BYTES >= GBPF_CODE_STACK_BYTES, "room on the stack");
    constexpr bool HALVES = HOOK == GBPF_HOOK_CTA_ADMIT;
    const uint32_t half = HALVES ? enter_half(t) : 0;
    const table_copy &copy = t.copies[half];
    uint64_t answer = otherwise;
    if (copy.has >> table_index(HOOK) & 1) {
        const uint64_t code = copy.code[table_index(HOOK)];
        answer = code != 0
            ? reinterpret_cast<compiled_program>(code)(ctx, ctx->now_ns, s.index, copy.table.log_address)
            : interpret<HOOK>(t, s, copy, half * GBPF_TABLE_ADMIT_ROOM, ctx, otherwise);
    }
    if (HALVES) block_atomic<uint32_t>(t.running[half]).fetch_sub(1, release);
    return answer;
}

/** The seam's other side: see fair_policy. */
class table_policy {
public:
#if GBPF_GPU
    GBPF_DEVICE void attach(block_state &, table_state &) {}
#else
    void attach(block_state &block, table_state &table) {
        block_ = &block;
        table_ = &table;
    }
#endif

    GBPF_DEVICE bool has(uint32_t hook) const { return peek(table().has) >> table_index(hook) & 1; }

    template <uint32_t HOOK, class Context> GBPF_DEVICE uint64_t ask(Context *ctx, uint64_t otherwise) {
        return has(HOOK) ? ask_program<HOOK>(table(), block(), ctx, otherwise) : otherwise;
    }

    GBPF_DEVICE void watch(uint64_t address, uint64_t epoch) {
        table_state &t = table();
        lanes::all().once([&] {
            const table_place newer = newer_table(table_place{address, epoch}, t.newest_epoch);
            if (newer.epoch != 0) announce_table(t, block(), newer);
        });
        settle();
    }

    /** The control block has the first copy only: nothing runs between ticks. */
    GBPF_DEVICE void adopt() {
        table_state &t = table();
        table_copy &copy = t.copies[0];
        const uint64_t epoch = lanes::all().leader([&] { return block_atomic<uint64_t>(t.newest_epoch).load(acquire); });
        if (epoch != copy.table.epoch) {
            const bool fits = copy_table(at<gbpf_policy_table>(agreed(t.newest_address)), TICKS, copy, t.operations, GBPF_TABLE_TICK_ROOM);
            // Machine code runs in worker blocks before this, but comes with the maps of the table before, which was settled.
            if (fits) lend_helpers(copy);
            lanes::all().once([&] {
                if (!fits) refuse_table(block(), copy);
                poke(t.has, copy.has);
                block_atomic<uint64_t>(t.ticking).store(epoch, release);
                system_atomic<uint64_t>(block().plane.status().policy_ticking).store(epoch, relaxed);
            });
        }
        lanes::all().once([&] {
            gbpf_board &board = *block().plane.board;
            gbpf_host_status &status = block().plane.status();
            const uint64_t ejected = device_atomic<uint64_t>(board.policy_ejected).load(together_acquire);
            const uint64_t faults = device_atomic<uint64_t>(board.policy_faults).load(relaxed);
            if (ejected >= copy.table.epoch && peek(t.has) != 0) {
                together_fence();
                poke(t.has, 0u);
            }
            system_atomic<uint64_t>(status.policy_ejected).store(ejected, relaxed);
            system_atomic<uint64_t>(status.policy_faults).store(faults, relaxed);
        });
    }

    GBPF_DEVICE bool decides() const {
        bool some = false;
        for (const gbpf_table_program &program : table().copies[0].table.programs) some |= program.count != 0;
        return some && device_atomic<uint64_t>(block().plane.board->policy_ejected).load(relaxed) < table().copies[0].table.epoch;
    }

    GBPF_DEVICE void stalls(uint32_t tenant) { eject_whole(block(), table().copies[0], GBPF_FAULT_STALL, tenant); }

    GBPF_DEVICE void change_map(uint64_t address, uint64_t number) {
        if (number != table().changed) serve_change(table(), block(), address, number);
    }

    GBPF_DEVICE void follow() {
        table_state &t = table();
        gbpf_board &board = *block().plane.board;
        const uint32_t half = agreed(t.active);
        const uint64_t address = lanes::all().leader([&]() -> uint64_t {
            const uint64_t epoch = device_atomic<uint64_t>(board.policy_epoch).load(acquire);
            if (epoch <= t.copies[half].table.epoch || !is_left(t, 1 - half)) return 0;
            const uint64_t place = device_atomic<uint64_t>(board.policy_address).load(relaxed);
            return is_table_of(at<gbpf_policy_table>(place), epoch) ? place : 0; // the next one may be on its way
        });
        if (address != 0) turn_to(t, block(), at<gbpf_policy_table>(address), 1 - half);
        lanes::all().once([&] {
            const uint32_t now = address != 0 ? 1 - half : half;
            const uint64_t epoch = t.copies[now].table.epoch;
            if (device_atomic<uint64_t>(board.policy_ejected).load(relaxed) >= epoch) poke(t.has, 0u);
            if (t.told != epoch && is_left(t, 1 - now)) {
                t.told = epoch;
                device_atomic<uint64_t>(block().plane.policy_epochs[block().index]).store(epoch, release);
            }
            if (t.told == epoch) poke(block().known.policy, static_cast<uint32_t>(epoch)); // else the block looks again
        });
    }

private:
    /** Tells the host when all blocks have what the control block has. */
    GBPF_DEVICE void settle() {
        table_state &t = table();
        const uint64_t epoch = t.newest_epoch; // as t.told this warp's own: all lanes see the same
        if (t.told == epoch) return;
        if (lanes::all().leader([&] { return block_atomic<uint64_t>(t.ticking).load(acquire); }) != epoch) return;
        const uint32_t behind = lanes::all().ballot([&](uint32_t lane) {
            uint64_t theirs[GBPF_MAX_WORKERS / WARP_LANES]; // all loads are under way together
            GBPF_UNROLL
            for (uint32_t i = 0; i < GBPF_MAX_WORKERS / WARP_LANES; ++i) {
                const uint32_t b = i * WARP_LANES + lane;
                theirs[i] = b < block().plane.params.workers
                    ? device_atomic<uint64_t>(block().plane.policy_epochs[b]).load(together_acquire) : UINT64_MAX;
            }
            uint64_t least = UINT64_MAX;
            GBPF_UNROLL
            for (uint32_t i = 0; i < GBPF_MAX_WORKERS / WARP_LANES; ++i) least = theirs[i] < least ? theirs[i] : least;
            return least < epoch;
        });
        if (behind != 0) return;
        together_fence();
        lanes::all().once([&] {
            t.told = epoch;
            system_atomic<uint64_t>(block().plane.status().policy_settled).store(epoch, release);
        });
    }

#if GBPF_GPU
    GBPF_DEVICE block_state &block() const { return reinterpret_cast<policy_memory *>(gbpf_shared)->state; }
    GBPF_DEVICE table_state &table() const { return reinterpret_cast<policy_memory *>(gbpf_shared)->table; }
#else
    block_state &block() const { return *block_; }
    table_state &table() const { return *table_; }

    block_state *block_ = nullptr;
    table_state *table_ = nullptr;
#endif
};

}  // namespace gbpf
