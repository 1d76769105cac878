// Rings, mail and dependency counters against models and under threads: nothing lost, nothing twice, in order where order is promised.
#include <atomic>
#include <deque>

#include "check.h"
#include "gbpf/deps.cuh"
#include "gbpf/host_words.cuh"
#include "gbpf/mail.cuh"
#include "gbpf/ring.cuh"
#include "tests.h"

using namespace gbpf;

namespace {

const patience NO_HURRY(UINT64_MAX);

template <class Item> struct ring_memory {
    gbpf_ring counts{};
    std::vector<uint32_t> sequence;
    std::vector<Item> slots;
    ring<Item, device_scope> view;

    explicit ring_memory(uint32_t capacity)
    : sequence(capacity),
    slots(capacity),
    view{&counts.space, &counts.tail, &counts.items, &counts.head, sequence.data(), slots.data(), capacity} {
        view.format();
    }
};

void ring_underRandomOperations_isAQueue() {
    random_numbers random(1);
    ring_memory<uint64_t> memory(64);
    std::deque<uint64_t> model;
    uint64_t next = 0;
    for (int step = 0; step < 200000; ++step) {
        if (random.below(2) == 0) {
            const uint32_t mask = static_cast<uint32_t>(random.next());
            if (mask == 0) continue;
            lane_array<uint64_t> in;
            const lanes who{mask};
            who.each([&](uint32_t lane) { in[lane] = next + who.rank(lane); });
            const uint32_t taken = memory.view.push(who, in, NO_HURRY);
            const uint32_t fits = std::min<uint32_t>(who.count(), 64 - static_cast<uint32_t>(model.size()));
            CHECK(count_bits(taken) == fits);
            CHECK((taken & ~mask) == 0);
            who.each([&](uint32_t lane) { CHECK((taken >> lane & 1) == (who.rank(lane) < fits)); });
            for (uint32_t i = 0; i < fits; ++i) model.push_back(next + i);
            next += who.count();
        } else {
            lane_array<uint64_t> out;
            const uint32_t most = 1 + random.below(32);
            const uint32_t taken = memory.view.pop(most, out, NO_HURRY);
            CHECK(count_bits(taken) == std::min<uint32_t>(most, static_cast<uint32_t>(model.size())));
            lanes{taken}.each([&](uint32_t lane) {
                CHECK(out[lane] == model.front());
                model.pop_front();
            });
        }
        CHECK(memory.view.size() == model.size());
    }
}

void ring_underThreads_losesNothingAndDoublesNothing() {
    constexpr uint32_t PRODUCERS = 4, CONSUMERS = 4, EACH = 20000;
    ring_memory<uint64_t> memory(128);
    std::vector<std::atomic<uint8_t>> seen(PRODUCERS * EACH);
    std::atomic<uint32_t> left(PRODUCERS * EACH);
    in_threads(PRODUCERS + CONSUMERS, [&](unsigned me) {
        random_numbers random(me);
        if (me < PRODUCERS) {
            uint64_t next = me * uint64_t{EACH};
            const uint64_t end = next + EACH;
            while (next < end) {
                const uint32_t want = static_cast<uint32_t>(std::min<uint64_t>(1 + random.below(32), end - next));
                const lanes who{want == 32 ? ALL_LANES : (1u << want) - 1};
                lane_array<uint64_t> in;
                who.each([&](uint32_t lane) { in[lane] = next + lane; });
                const uint32_t got = count_bits(memory.view.push(who, in, NO_HURRY));
                next += got;
                if (got == 0) sched_yield();
            }
        } else {
            std::vector<int64_t> last(PRODUCERS, -1);
            while (left.load(relaxed) > 0) {
                lane_array<uint64_t> out;
                const uint32_t taken = memory.view.pop(1 + random.below(32), out, NO_HURRY);
                if (taken == 0) sched_yield();
                lanes{taken}.each([&](uint32_t lane) {
                    CHECK(out[lane] < seen.size());
                    CHECK(seen[out[lane]].fetch_add(1, relaxed) == 0);
                    const auto producer = out[lane] / EACH; // one consumer sees what one producer put in, in order
                    CHECK(last[producer] < static_cast<int64_t>(out[lane]));
                    last[producer] = static_cast<int64_t>(out[lane]);
                });
                left.fetch_sub(count_bits(taken), relaxed);
            }
        }
    });
    CHECK(left.load() == 0);
    CHECK(memory.view.size() == 0);
    lane_array<uint64_t> in{};
    CHECK(memory.view.push(lanes::all(), in, NO_HURRY) == ALL_LANES); // all the room is back
    CHECK(memory.view.push(lanes::all(), in, NO_HURRY) == ALL_LANES);
    CHECK(memory.view.push(lanes::all(), in, NO_HURRY) == ALL_LANES);
    CHECK(memory.view.push(lanes::all(), in, NO_HURRY) == ALL_LANES);
    CHECK(memory.view.push(lanes::all(), in, NO_HURRY) == 0);
}

template <class Mail> void deliver_underThreads() {
    constexpr uint32_t SENDERS = 3, WORKERS = 3, EACH = 250;
    std::vector<gbpf_mail> mail(WORKERS, gbpf_mail{0, 0});
    std::vector<std::atomic<uint8_t>> seen(SENDERS * EACH);
    std::atomic<uint32_t> left(SENDERS * EACH);
    in_threads(SENDERS + WORKERS, [&](unsigned me) {
        random_numbers random(me);
        if (me < SENDERS) {
            for (uint32_t i = 0; i < EACH;) {
                gbpf_compact_task task{7, 3, GBPF_TASK_VALID, i, me * uint64_t{EACH} + i};
                if (Mail::post(mail[random.below(WORKERS)], words_of(task))) ++i; else sched_yield();
            }
            return;
        }
        gbpf_mail &mine = mail[me - SENDERS];
        const auto take = [&](const task_words &w) {
            const gbpf_compact_task task = task_of(w);
            CHECK(task.function == 7 && task.tenant == 3 && task.flags == GBPF_TASK_VALID && task.a == task.b % EACH);
            CHECK(seen[task.b].fetch_add(1, relaxed) == 0);
            left.fetch_sub(1, relaxed);
        };
        while (left.load(relaxed) > 0) {
            Mail::open(mine);
            for (uint32_t looks = random.below(4);; --looks) {
                const task_words w = Mail::look(mine);
                if (w.word0 & MAIL_IS_TASK) {
                    take(w);
                    break;
                }
                if (looks == 0 && Mail::close(mine)) break; // found work elsewhere
                if (looks == 0) looks = 1;                  // a task is on its way
                sched_yield();
            }
        }
        Mail::open(mine);
        CHECK(Mail::close(mine));
    });
    for (auto &s : seen) CHECK(s.load() == 1);
}

void mail_underThreads_deliversEachOnce() {
    deliver_underThreads<device_mail>();
    deliver_underThreads<block_mail>();
}

struct dependency_memory {
    std::vector<gbpf_dependency> all;
    ring_memory<uint32_t> free;
    dependencies view;

    dependency_memory(uint32_t count, uint32_t own) : all(count), free(count), view{all.data(), count, free.view} {
        view.format(own, NO_HURRY);
    }
};

void dependency_countedBelowZero_isMisused() {
    dependency_memory memory(64, 10);
    gbpf_compact_task task{};
    CHECK(memory.view.down(0, 1, task) == countdown::misused);
    CHECK(memory.view.down(64, 1, task) == countdown::misused);
    CHECK(memory.view.down(5, 1, task) == countdown::misused);
    memory.view.arm(5, 3, gbpf_compact_task{9, 1, 0, 2, 3});
    CHECK(memory.view.down(5, 4, task) == countdown::misused);
    CHECK(memory.view.down(5, 1, task) == countdown::waits);
    CHECK(memory.view.down(5, 2, task) == countdown::released);
    CHECK(task.function == 9 && task.tenant == 1 && task.flags == GBPF_TASK_VALID && task.a == 2 && task.b == 3);
    CHECK(memory.view.down(5, 1, task) == countdown::misused);
}

void dependency_taken_comesBackWhenReleased() {
    dependency_memory memory(64, 10);
    for (int round = 0; round < 5; ++round) {
        std::vector<uint32_t> taken;
        for (uint32_t d = memory.view.take(lanes{2}, NO_HURRY)[1]; d != 0; d = memory.view.take(lanes{2}, NO_HURRY)[1]) {
            CHECK(d > 10 && d < 64);
            taken.push_back(d);
        }
        CHECK(taken.size() == 53);
        for (uint32_t d : taken) {
            gbpf_compact_task task{};
            memory.view.arm(d, 1, gbpf_compact_task{});
            CHECK(memory.view.down(d, 1, task) == countdown::released);
            memory.view.recycle(d, NO_HURRY);
        }
    }
}

void dependencies_ofARandomGraph_runEachTaskOnceAfterItsPredecessors() {
    constexpr uint32_t NODES = 20000, THREADS = 4;
    random_numbers random(3);
    std::vector<std::vector<uint32_t>> successors(NODES);
    std::vector<uint32_t> fan_in(NODES, 0);
    for (uint32_t node = 1; node < NODES; ++node) {
        for (uint32_t e = random.below(4); e > 0; --e) {
            successors[random.below(node)].push_back(node);
            ++fan_in[node];
        }
    }
    dependency_memory memory(32768, NODES);
    ring_memory<gbpf_compact_task> ready(32768);
    std::vector<uint64_t> level(NODES, 0); // written by the node's task, read by its successors': a race if one ran too early
    std::vector<std::atomic<uint8_t>> runs(NODES);
    std::atomic<uint32_t> left(NODES);
    for (uint32_t node = 0; node < NODES; ++node) {
        lane_array<gbpf_compact_task> task;
        task[0] = gbpf_compact_task{0, 0, 0, node, 0};
        if (fan_in[node] > 0) {
            memory.view.arm(node + 1, fan_in[node], task[0]);
        } else {
            CHECK(ready.view.push(lanes{1}, task, NO_HURRY) == 1);
        }
    }
    in_threads(THREADS, [&](unsigned) {
        while (left.load(relaxed) > 0) {
            lane_array<gbpf_compact_task> out;
            if (ready.view.pop(1, out, NO_HURRY) == 0) {
                sched_yield();
                continue;
            }
            const uint32_t node = out[0].a;
            CHECK(runs[node].fetch_add(1, relaxed) == 0);
            const uint64_t mine = level[node] + 1;
            level[node] = mine;
            for (uint32_t next : successors[node]) {
                lane_array<gbpf_compact_task> released;
                if (memory.view.down(next + 1, 1, released[0]) == countdown::released) {
                    CHECK(released[0].a == next);
                    level[next] = mine;
                    CHECK(ready.view.push(lanes{1}, released, NO_HURRY) == 1);
                }
            }
            left.fetch_sub(1, relaxed);
        }
    });
    for (auto &r : runs) CHECK(r.load() == 1);
}

/** One thread shows words that are all the same, the other copies them. */
void hostWords_underThreads_areCopiedAsTheyWereReadTogether() {
    constexpr uint64_t TIMES = 20000;
    host_words words{};
    std::atomic<bool> ended{false};
    in_threads(2, [&](unsigned thread) {
        if (thread == 0) {
            for (uint64_t i = 1; i <= TIMES; ++i) {
                lane_array<uint64_t> all;
                for (uint32_t lane = 0; lane < CONTROL_WORDS; ++lane) all[lane] = i;
                words.show(all);
            }
            ended = true;
            return;
        }
        uint64_t last = 0;
        for (bool more = true; more;) {
            more = !ended;
            uint64_t seen[CONTROL_WORDS];
            CHECK(words.copy(seen, NO_HURRY));
            for (uint64_t word : seen) CHECK(word == seen[0] && word >= last);
            last = seen[0];
        }
        CHECK(last == TIMES);
    });
}

void hostWords_thatNobodyRead_areNotThere() {
    host_words words{};
    uint64_t seen[CONTROL_WORDS];
    CHECK(!words.copy(seen, patience(0)));
}

}  // namespace

const std::vector<test_case> QUEUE_TESTS = {
    {"ring_underRandomOperations_isAQueue", ring_underRandomOperations_isAQueue},
    {"ring_underThreads_losesNothingAndDoublesNothing", ring_underThreads_losesNothingAndDoublesNothing},
    {"mail_underThreads_deliversEachOnce", mail_underThreads_deliversEachOnce},
    {"hostWords_underThreads_areCopiedAsTheyWereReadTogether", hostWords_underThreads_areCopiedAsTheyWereReadTogether},
    {"hostWords_thatNobodyRead_areNotThere", hostWords_thatNobodyRead_areNotThere},
    {"dependency_countedBelowZero_isMisused", dependency_countedBelowZero_isMisused},
    {"dependency_taken_comesBackWhenReleased", dependency_taken_comesBackWhenReleased},
    {"dependencies_ofARandomGraph_runEachTaskOnceAfterItsPredecessors",
        dependencies_ofARandomGraph_runEachTaskOnceAfterItsPredecessors},
};
