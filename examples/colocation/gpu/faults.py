"""What happens to applications when the daemon, one of them, or both are killed, when the daemon is stopped, and when it is upgraded.

Under `colocate`, whose orders would be the worst to be left with: a service, and training that stands still while the service works. A pause is the
longest time between two steps of training from the fault on, less what a step usually takes; beside it stands the same of the time before the
fault. `starved`: the service always works, so that training hardly runs before the fault; then what counts is when it goes on.
"""

import os
import random
import statistics
import threading
import time

from daemon import gbpf

POLICY = "colocate"
FOLLOWING, CLOSE_S = 5, 0.05  # training goes on when so many steps follow each other with no more than this between them


def pauses(stamps, at):
    """What a step usually takes, and the longest pauses before and after a moment, s."""
    gaps = list(zip(stamps, stamps[1:]))
    usual = statistics.median(y - x for x, y in gaps)
    before = max((y - x for x, y in gaps if y <= at), default=usual) - usual
    after = max((y - x for x, y in gaps if y > at), default=float("nan")) - usual
    return usual, before, after


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


class Ledger:
    """What there is, to see what does not go away."""

    def __init__(self, survivors):
        self.survivors = survivors

    def read(self):
        self.survivors["service"].ask("memory 0")
        free = self.survivors["service"].answer()["free"]
        return {"files": left_behind(), "free": free, **{name: segments_of(w.process.pid) for name, w in self.survivors.items()}}


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


def faults(start, out, daemon, reps=5):
    rng = random.Random(1)
    trainings = {name: start("training", "best-effort", name) for name in ("gpt", "matmul")}
    service, hog = start("service", "latency", "layers:graph"), start("service", "latency", "matmul")
    victims = [start("light", "best-effort", "matmul") for _ in range(2 * reps)]
    survivors = {"service": service, "hog": hog, **trainings}
    for w in [*survivors.values(), *victims]:
        w.ready()
    ledger = Ledger(survivors)
    result, failures = {}, []

    def alive():
        return len(survivors) + len(victims)

    def govern():
        """Until the daemon has all that are there."""
        if not daemon.wait_attached(alive()):
            failures.append(f"{daemon.attached()} of {alive()} attached")

    def again():
        daemon.reap()
        daemon.start(POLICY)
        govern()
        time.sleep(0.2)

    def repeat(name, training, fault, afterwards, seconds=1.6):
        rows = []
        for _ in range(reps):
            at, a, b = during(service, trainings[training], seconds, fault, rng)
            usual, before, after = pauses(b["stamps"], at)
            calm, late = worst(a, at)
            rows.append({"usual": usual, "before": before, "pause": after, "worst_before": calm, "worst_after": late})
            afterwards()
        result[f"{name}, {training}"] = rows
        line(f"{name}, {training}", rows)

    def starve(name, fault, afterwards):
        rows = []
        for _ in range(reps):
            at, _, b = during(hog, trainings["matmul"], 1.6, fault, rng)
            rows.append({"before": pauses(b["stamps"], at)[1], "on": goes_on(b["stamps"], at)})
            afterwards()
        result[f"{name}, starved"] = rows
        line(f"{name}, starved", rows)

    def goes_on_again():
        daemon.go_on()
        time.sleep(0.3)

    daemon.end()
    daemon.start(POLICY)
    govern()
    first = ledger.read()
    for training in trainings:
        repeat("SIGSTOP of the daemon", training, daemon.pause, goes_on_again)
    starve("SIGSTOP of the daemon", daemon.pause, goes_on_again)
    said = gbpf("tenant", "list").stdout
    for training in trainings:
        repeat("kill -9 of the daemon", training, daemon.kill, again)
    starve("kill -9 of the daemon", daemon.kill, again)

    downs = []

    def upgrade():
        def replace():
            began = time.monotonic()
            daemon.stop()
            gone = time.monotonic()
            daemon.start(POLICY)
            up = time.monotonic()
            daemon.wait_attached(alive())
            downs.append((gone - began, up - gone, time.monotonic() - up))

        thread = threading.Thread(target=replace)
        thread.start()
        joins.append(thread)

    joins = []

    def upgraded():
        joins.pop().join()
        time.sleep(0.2)

    repeat("upgrade of the daemon", "gpt", upgrade, upgraded, seconds=5)
    if downs:
        ended, started, attached = (max(d[i] for d in downs) for i in range(3))
        print(f"faults, upgrade: the old daemon ends within {ended:.2f} s, the new one serves {started:.2f} s later, and has all processes {attached:.2f} s after that", flush=True)
    result["upgrades"] = downs

    def kill_client():
        victims[-1].process.kill()

    def client_gone():
        victims.pop().process.wait()
        govern()

    def kill_both():
        victims[-1].process.kill()
        daemon.kill()

    def both_gone():
        victims.pop().process.wait()
        again()

    def work_then(fault):
        def both():
            victims[-1].ask("run 2")
            time.sleep(0.1)
            fault()
        return both

    before = ledger.read()["free"]
    repeat("kill -9 of a client", "gpt", work_then(kill_client), client_gone)
    repeat("kill -9 of daemon and client", "gpt", work_then(kill_both), both_gone)
    time.sleep(0.5)
    last = ledger.read()
    result["ledger"] = {"first": first, "last": last, "daemon": segments_of(daemon.process.pid)}
    gbpf("policy", "swap", "bypass")
    time.sleep(0.5)
    listed = gbpf("tenant", "list").stdout
    result["listed"] = listed
    print(f"faults, left behind: files {'the same' if first['files'] == last['files'] else (first['files'], last['files'])}; the daemon maps {result['ledger']['daemon']['segments']} "
          f"segments of {alive()} processes; the {2 * reps} that were killed gave back {(last['free'] - before) / 2**30:.2f} GiB; "
          + "; ".join(f"{n} {first[n]} -> {last[n]}" for n in survivors), flush=True)
    print("faults, the processes in bypass afterwards:\n" + listed, flush=True)
    print(f"faults, under the first daemon, stopped and going on {3 * reps} times:\n" + said, flush=True)
    for text in failures:
        print("faults: NOT SO:", text)
    for w in [*survivors.values(), *victims]:
        w.end()
    return result
