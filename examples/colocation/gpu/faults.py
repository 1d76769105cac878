"""What happens to applications when the daemon, one of them, or both are killed, when the daemon is stopped, and when it is upgraded.

Under `colocate`, whose orders would be the worst to be left with: a service, and training that stands still while the service works. A pause is the
longest time without a step of training in the half second from the fault on, in which no other daemon governs yet, less what a step usually takes;
beside it stands the same of half a second before the fault. `starved`: the service always works, so that training hardly runs before the fault; then
what counts is when it goes on.
"""

import json
import os
import random
import statistics
import threading
import time

from daemon import gbpf

POLICY = "colocate"
WITHOUT_S = 0.5
FOLLOWING, CLOSE_S = 5, 0.05  # training goes on when so many steps follow each other with no more than this between them


def longest(stamps, begin, end):
    """The longest time without a step that falls between two moments, s."""
    return max((min(y, end) - max(x, begin) for x, y in zip(stamps, stamps[1:]) if y > begin and x < end), default=float("nan"))


def pauses(stamps, at):
    """What a step usually takes, and the longest pauses before and after a moment, s."""
    usual = statistics.median(y - x for x, y in zip(stamps, stamps[1:]))
    return usual, longest(stamps, at - WITHOUT_S, at) - usual, longest(stamps, at, at + WITHOUT_S) - usual


def around(stamps, at):
    """Steps near a moment, ms from it: raw data."""
    near = [round((t - at) * 1e3, 1) for t in stamps if -WITHOUT_S < t - at < 2 * WITHOUT_S]
    return near[:: max(1, len(near) // 100)]


def goes_on(stamps, at):
    """How long after a moment steps follow each other again, s."""
    later = [t for t in stamps if t > at]
    for i in range(len(later) - FOLLOWING):
        if all(later[k + 1] - later[k] < CLOSE_S for k in range(i, i + FOLLOWING)):
            return later[i] - at
    return float("nan")


def worst(service, at):
    """The longest requests that ended before a moment, and after it, ms."""
    both = [(t + ms / 1e3, ms) for t, ms in zip(service["stamps"], service["latencies_ms"])]
    return max((ms for t, ms in both if t <= at), default=float("nan")), max((ms for t, ms in both if t > at), default=float("nan"))


def during(service, training, seconds, fault, rng):
    """Lets both work; the fault comes in the middle of the first 1.6 s. Its moment, and what they saw."""
    training.ask(f"run {seconds}")
    time.sleep(0.3)
    service.ask(f"run {seconds - 0.3}")
    time.sleep(0.5 + rng.uniform(0, 0.05))
    at = time.monotonic()
    fault()
    return at, service.answer(), training.answer()


def segments_of(pid):
    """Mappings of segments, descriptors and threads of a process."""
    with open(f"/proc/{pid}/maps") as maps:
        mapped = sum("gbpf-segment" in line for line in maps)
    return {"segments": mapped, "descriptors": len(os.listdir(f"/proc/{pid}/fd")), "threads": len(os.listdir(f"/proc/{pid}/task"))}


def left_behind():
    """Files of gBPF outside its state."""
    runtime = os.path.dirname(os.environ["GBPF_SOCKET"])
    return sorted(n for n in os.listdir("/dev/shm") if "gbpf" in n) + sorted(os.listdir(runtime))


def line(name, rows, unit_ms=1e3):
    """One fault, several repetitions: medians and the worst."""
    def of(key):
        values = [r[key] * unit_ms for r in rows]
        return f"{statistics.median(values):.0f} ms, at most {max(values):.0f}"

    service = f"; worst request {max(r['worst_after'] for r in rows):.1f} ms (before {max(r['worst_before'] for r in rows):.1f})" if "worst_after" in rows[0] else ""
    if "pause" in rows[0]:
        print(f"faults, {name}: {len(rows)} times; a step takes {statistics.median(r['usual'] for r in rows) * 1e3:.1f} ms; pause {of('pause')} (before {of('before')}){service}", flush=True)
    else:
        print(f"faults, {name}: {len(rows)} times; goes on after {of('on')} (pauses before: {of('before')})", flush=True)


class Bench:
    """The applications, the daemon, and what was seen of them."""

    def __init__(self, start, out, daemon, reps, victims):
        self.out, self.daemon, self.reps, self.rng = out, daemon, reps, random.Random(1)
        self.trainings = {name: start("training", "best-effort", name) for name in ("gpt", "matmul")}
        self.service, self.hog = start("service", "latency", "layers:graph"), start("service", "latency", "matmul")
        self.survivors = {"service": self.service, "hog": self.hog, **self.trainings}
        for w in self.survivors.values():
            w.ready()
        for w in self.survivors.values():  # so that it has all that it ever takes
            w.ask("run 0.5")
            w.answer()
        self.victims = []
        self.result = {}
        daemon.end()
        daemon.start(POLICY)
        self.govern()
        self.first = self.ledger()
        self.victims = [start("light", "best-effort", "matmul") for _ in range(victims)]
        for w in self.victims:
            w.ready()
        self.govern()

    def alive(self):
        return len(self.survivors) + len(self.victims)

    def govern(self):
        """Until the daemon has all that are there."""
        if not self.daemon.wait_attached(self.alive()):
            print(f"faults: NOT SO: {self.daemon.attached()} of {self.alive()} attached", flush=True)

    def again(self):
        """After a daemon that was killed, the next one."""
        self.daemon.reap()
        self.daemon.start(POLICY)
        self.govern()
        time.sleep(0.2)

    def go_on(self):
        self.daemon.go_on()
        time.sleep(0.3)

    def repeat(self, name, training, fault, afterwards, seconds=1.6):
        rows = []
        for _ in range(self.reps):
            at, a, b = during(self.service, self.trainings[training], seconds, fault, self.rng)
            usual, before, after = pauses(b["stamps"], at)
            calm, late = worst(a, at)
            rows.append({"usual": usual, "before": before, "pause": after, "worst_before": calm, "worst_after": late, "steps": around(b["stamps"], at)})
            afterwards()
        self.result[f"{name}, {training}"] = rows
        self.save()
        line(f"{name}, {training}", rows)

    def starve(self, name, fault, afterwards):
        rows = []
        for _ in range(self.reps):
            at, _, b = during(self.hog, self.trainings["matmul"], 1.6, fault, self.rng)
            rows.append({"before": pauses(b["stamps"], at)[1], "on": goes_on(b["stamps"], at), "steps": around(b["stamps"], at)})
            afterwards()
        self.result[f"{name}, starved"] = rows
        self.save()
        line(f"{name}, starved", rows)

    def ledger(self):
        """What there is, to see what does not go away."""
        self.service.ask("memory 0")
        free = self.service.answer()["free"]
        return {"files": left_behind(), "free": free, "mapped": segments_of(self.daemon.process.pid)["segments"],
                **{name: segments_of(w.process.pid) for name, w in self.survivors.items()}}

    def settle(self):
        """Says what is left behind once all the faults are over, beside what there was before the first one and before those that were killed had come."""
        time.sleep(0.5)
        first, last = self.first, self.ledger()
        self.result["ledger"] = {"first": first, "last": last}
        same = [name for name in first if name != "free" and first[name] == last[name]]
        changed = [f"{name} {first[name]} -> {last[name]}" for name in first if name != "free" and first[name] != last[name]]
        print(f"faults, left behind: the same as before the first fault: {', '.join(same)}; changed: {'; '.join(changed) or 'nothing'}; the daemon maps {last['mapped']} segments "
              f"of {self.alive()} processes; free device memory {first['free'] / 2**20:.0f} -> {last['free'] / 2**20:.0f} MiB", flush=True)
        gbpf("policy", "swap", "bypass")
        time.sleep(0.5)
        print("faults, in bypass afterwards:\n" + gbpf("tenant", "list").stdout.split("\n\n")[-1], flush=True)

    def save(self):
        with open(os.path.join(self.out, "faults.json"), "w") as f:
            json.dump(self.result, f)


def stops(bench):
    name = "SIGSTOP of the daemon"
    bench.starve(name, bench.daemon.pause, bench.go_on)
    for training in bench.trainings:
        bench.repeat(name, training, bench.daemon.pause, bench.go_on)
    print("faults, calls that passed for want of a lease, and what is attached:\n" + gbpf("tenant", "list").stdout.split("\n\n")[-1], flush=True)


def kills(bench):
    name = "kill -9 of the daemon"
    bench.starve(name, bench.daemon.kill, bench.again)
    for training in bench.trainings:
        bench.repeat(name, training, bench.daemon.kill, bench.again)


def upgrades(bench):
    times, threads = [], []

    def replace():
        began = time.monotonic()
        bench.daemon.stop()
        gone = time.monotonic()
        bench.daemon.start(POLICY)
        up = time.monotonic()
        bench.govern()
        times.append((gone - began, up - gone, time.monotonic() - up))

    def upgrade():
        threads.append(threading.Thread(target=replace))
        threads[-1].start()

    def upgraded():
        threads.pop().join()
        time.sleep(0.2)

    bench.repeat("upgrade of the daemon", "gpt", upgrade, upgraded, seconds=5)
    bench.result["upgrades"] = times
    ended, served, attached = (max(t[i] for t in times) for i in range(3))
    print(f"faults, upgrade: the old daemon ends within {ended:.2f} s, the new one serves {served:.2f} s later, and has all processes {attached:.2f} s after that", flush=True)


def clients(bench):
    def kill_client():
        bench.victims[-1].process.kill()

    def client_gone():
        bench.victims.pop().process.wait()
        bench.govern()

    def kill_both():
        bench.victims[-1].process.kill()
        bench.daemon.kill()

    def both_gone():
        bench.victims.pop().process.wait()
        bench.again()

    def while_it_works(fault):
        def both():
            bench.victims[-1].ask("run 2")
            time.sleep(0.1)
            fault()
        return both

    bench.repeat("kill -9 of a client", "gpt", while_it_works(kill_client), client_gone)
    bench.repeat("kill -9 of daemon and client", "gpt", while_it_works(kill_both), both_gone)


def faults(start, out, daemon, reps=5, kinds=(stops, kills, upgrades, clients)):
    bench = Bench(start, out, daemon, reps, 2 * reps if clients in kinds else 0)
    for kind in kinds:
        kind(bench)
    for w in bench.victims:
        w.end()
    bench.victims.clear()
    bench.settle()
    for w in bench.survivors.values():
        w.end()
    return bench.result
