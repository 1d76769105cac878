// What an idle warp does until something comes.
//
// An idle warp opens the mail that warps of its block put tasks into, in shared memory. One of them, the lookout, looks at the block's mail in
// device memory instead. When a task comes there it runs it at once, and the next idle warp becomes the lookout. Where the block has a partner
// another one, the watcher, does the same with what comes from there (partner.cuh). What must be closed, told or looked up takes a way through
// L2, so a warp that has a task does none of it.
#pragma once

#include "partner.cuh"

namespace gbpf {

/** The roles of an idle warp. Its functions are called by one lane, where they do not say that it is the whole warp. */
class idle_warp {
protected:
    GBPF_DEVICE idle_warp(gbpf_env &env, uint64_t refresh_cycles) : env_(env), refresh_cycles_(refresh_cycles) {}

    enum : uint32_t { NOTHING, MAIL, STIR, REFRESH, RAN };

    /** What an idle warp found, the same in all lanes. */
    struct found {
        uint32_t reason;
        uint32_t unused;
        task_words words;
    };

    GBPF_DEVICE gbpf_env &env() const { return own(env_); }
    GBPF_DEVICE block_state &block() const { return block_of(env_); }
    /** Whether this warp is kept for what is urgent: it gets no mail from its block and looks for nothing else in rings. */
    GBPF_DEVICE bool reserved() const { return own_warp(env_) == block().reserved; }
    GBPF_DEVICE gbpf_mail &near() { return block().mail[own_warp(env_)]; }
    GBPF_DEVICE gbpf_mail &far() { return block().plane.mail_of(block().index); }
    GBPF_DEVICE bool called() { return peek(block().call.number) != env().joined; }

    /** Looks for a while as another idle warp; called by one lane. */
    GBPF_DEVICE found watch_near(uint32_t quiet) {
        found what{NOTHING, 0, {0, 0}};
        for (uint32_t turn = 0; turn < 16 && what.reason == NOTHING && env().lookout == 0 && env().watcher == 0; ++turn) {
            what = look_near();
            if (what.reason == NOTHING) rest(quiet);
        }
        return what;
    }

    GBPF_DEVICE void open_near() {
        if (reserved()) return;
        block_mail::open(near());
        block_atomic<uint32_t>(block().idle).fetch_or(1u << own_warp(env_), relaxed);
    }

    /** Closes the mail from this block's warps; gives the task that is there after all, or nothing. */
    GBPF_OUTLINE task_words close_near() {
        if (reserved()) return task_words{0, 0};
        block_atomic<uint32_t>(block().idle).fetch_and(~(1u << own_warp(env_)), relaxed);
        return block_mail::close(near()) ? task_words{0, 0} : await<block_mail>(near());
    }

    /** Takes a role that no warp has, unless another one does first, or a task came meanwhile. */
    template <class F> GBPF_DEVICE found take_role(uint32_t &role, F become) {
        const found nothing{NOTHING, 0, {0, 0}};
        uint32_t none = 0;
        if (!block_atomic<uint32_t>(role).compare_exchange_strong(none, own_warp(env_) + 1, acq_rel, relaxed)) return nothing;
        const task_words words = close_near();
        if (words.word0 == 0) {
            become();
            return nothing;
        }
        block_atomic<uint32_t>(role).store(0, release);
        return found{MAIL, 0, words};
    }

    GBPF_DEVICE found look_near() {
        for (uint32_t look = 0; look < 4; ++look) {
            if ((peek(near().word0) & MAIL_IS_TASK) == 0) continue;
            const task_words words = block_mail::look(near());
            block_atomic<uint32_t>(block().idle).fetch_and(~(1u << own_warp(env_)), relaxed);
            return found{MAIL, 0, words};
        }
        const found nothing{NOTHING, 0, {0, 0}};
        if (stirred()) {
            const task_words words = close_near();
            if (words.word0 != 0) return found{MAIL, 0, words};
            begin_work(block());
            return found{STIR, 0, {0, 0}};
        }
        if (peek(block().lookout) == 0) return take_role(block().lookout, [&] { become_lookout(); });
        if (peek(block().wanted) != 0 && !reserved() && peek(block().watcher) == 0) return take_role(block().watcher, [&] { become_watcher(); });
        if (!claim_refresh(block(), refresh_cycles_)) return nothing;
        const task_words words = close_near();
        if (words.word0 == 0) return found{REFRESH, 0, {0, 0}};
        block_atomic<uint32_t>(block().known.refreshing).store(0, relaxed);
        return found{MAIL, 0, words};
    }

    GBPF_OUTLINE void become_lookout() {
        env().lookout = 1;
        env().spared = 0;
        choose_other(env());
        if (peek(block().presence) >= ONE_PRESENT) {
            count_block(block(), true);
        } else {
            device_atomic<uint64_t>(block().plane.board->activity).fetch_add(WAKE, relaxed);
        }
        together_fence(); // who sees the mail open sees this
        device_mail::open(far());
    }

    GBPF_OUTLINE void become_watcher() {
        env().watcher = 1;
        env().spared = 0;
        open_to_partner(block(), own_warp(env_)); // what came before is settled by the lookout: a fence here would make the next task wait
    }

    /** What the watcher sees besides what comes from the partner. */
    GBPF_OUTLINE found look_around_as_watcher() {
        const bool others = peek(block().idle) != 0, stir = stirred();
        if (stir && (called() || !others || ++env().spared > 16)) return leave_partner(STIR);
        return !others && peek(block().lookout) == 0 ? leave_partner(NOTHING) : found{NOTHING, 0, {0, 0}}; // to be the lookout
    }

    /** Goes for something else, unless a task came meanwhile. */
    GBPF_OUTLINE found leave_partner(uint32_t reason) {
        if (own_place::close(block())) {
            if (reason == STIR) {
                begin_work(block());
                stop_watching(block());
            } else {
                open_near();
            }
            cease_to_watch();
            return found{reason, 0, {0, 0}};
        }
        return found{NOTHING, 0, {0, 0}}; // the next look finds it
    }

    /** The place stays a task until the next watcher opens it. Called by the whole warp. */
    GBPF_DEVICE void take_from_partner() {
        add_once(block().presence, ONE_PRESENT);
        add_once(block().owed, 1);
        cease_to_watch();
    }

    GBPF_DEVICE void cease_to_watch() {
        env().watcher = 0;
        hand_on(block().watcher, 0u);
    }

    /** What a lookout sees besides the block's mail. */
    GBPF_OUTLINE found look_around() {
        const uint32_t present = peek(block().presence), other = peek(env().other);
        const bool stir = stirred(), others = peek(block().idle) != 0;
        if (other == 0 || peek(block().known.idle[other - 1]) == 0) choose_other(env());
        settle_with_partner(block());
        if (present == IS_COUNTED) {
            count_out(block());
        } else if (present >= ONE_PRESENT && (present & IS_COUNTED) == 0) {
            count_block(block(), false);
        }
        // Others are there for what stirs, and for refreshes, unless it takes long.
        if (stir && (called() || !others || ++env().spared > 16)) return leave_far();
        return found{!others && claim_refresh(block(), 2 * refresh_cycles_) ? REFRESH : NOTHING, 0, {0, 0}};
    }

    /** Goes for what stirs, unless a task came meanwhile. */
    GBPF_OUTLINE found leave_far() {
        if (device_mail::close(far())) {
            begin_work(block());
            resign();
            return found{STIR, 0, {0, 0}};
        }
        const task_words words = await<device_mail>(far());
        take_far();
        return found{MAIL, 0, words};
    }

    /** The mail stays a task until the next lookout opens it. */
    GBPF_DEVICE void take_far() {
        block_atomic<uint32_t>(block().presence).fetch_add(ONE_PRESENT, relaxed);
        resign();
    }

    GBPF_DEVICE void resign() {
        env().lookout = 0;
        block_atomic<uint32_t>(block().lookout).store(0, release);
    }

    /** Whether there may be something to do besides mail. */
    GBPF_DEVICE bool stirred() {
        const uint32_t number = peek(block().call.number), leave = peek(block().known.leave), parked = peek(block().known.parked);
        const uint64_t urgent = reserved() ? peek(block().known.urgent) : ~uint64_t{0};
        const uint64_t waiting = peek(block().known.backlog) & peek(block().known.eligible) & urgent;
        // Also what may not start here: pick() moves it to its ring, where others find it.
        const uint32_t local = reserved() ? 0 : block().local().size();
        return number != env().joined || leave != 0 || (parked == 0 && (waiting != 0 || local != 0));
    }

    /** Naps longer the longer nothing came. */
    GBPF_DEVICE void rest(uint32_t quiet) {
#if GBPF_GPU
        const uint32_t most = block().plane.params.idle_nap_ns;
        if (most != 0 && quiet > 64) nap(quiet < most ? quiet : most);
#else
        nap(quiet > 2 ? 100000 : 0);
#endif
    }

    template <class Mail> GBPF_DEVICE task_words await(gbpf_mail &mail) {
        patience limit = block().plane.limit();
        task_words words = Mail::look(mail);
        while (!(words.word0 & MAIL_IS_TASK) && limit.wait()) words = Mail::look(mail);
        return words;
    }

    gbpf_env &env_;
    uint64_t refresh_cycles_;
};

}  // namespace gbpf
