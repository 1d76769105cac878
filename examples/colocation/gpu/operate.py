"""What an operator does while applications run, measured; and what it costs that they run under gBPF at all.

    python3 operate.py --gbpf "gbpf exec --tenant {tenant} --class {class} --" --daemon "gbpf daemon --device interposed --scenario tenants.yaml" \
        --out DIR [--only shares,swap,quota,digest,deadline,copies,memory,launch,faults] [--faults stops,kills,upgrades,clients]

Each part says what it saw in a line or two, and writes its raw data. The daemon, whose command is given without a policy, is this program's own; it
must have the tenants of tenants.yaml.
"""

import argparse
import json
import os
import shlex
import subprocess
import threading
import time

from daemon import Daemon, gbpf
import faults as kinds
from faults import faults
from measure import HERE, Worker, quantile, window

ALL = "shares,swap,quota,digest,deadline,copies,memory,launch,faults"
TENANTS = {"service": 0, "training": 1, "heavy": 2, "light": 3, "small": 4}  # of tenants.yaml: keys of the policies' maps


def update(name, key, value):
    done = gbpf("map", "update", name, str(key), value)
    if done.returncode != 0:
        print(f"map update {name} {key}:", done.stderr.strip())


def together(workers, seconds):
    for w in workers:
        w.ask(f"run {seconds}")
    return [w.answer() for w in workers]


def rate(answer):
    return answer["steps"] / answer["seconds"]


def windows(stamps, begin, end, width):
    """Steps in each window of so many seconds."""
    counts = [0] * int((end - begin) / width)
    for t in stamps:
        i = int((t - begin) / width)
        if 0 <= t - begin and i < len(counts):
            counts[i] += 1
    return counts


def shares(start, out):
    heavy, light = start("heavy", "best-effort", "gpt:graph"), start("light", "best-effort", "gpt:graph")
    heavy.ready(), light.ready()
    gbpf("policy", "swap", "bypass")
    alone = [rate(together([w], 2)[0]) for w in (heavy, light)]
    result = {"alone": alone}
    for policy in ("bypass", "weighted_share"):
        gbpf("policy", "swap", policy)
        time.sleep(0.5)
        a, b = together([heavy, light], 6)
        x, y = rate(a) / alone[0], rate(b) / alone[1]
        lo, hi = max(a["stamps"][0], b["stamps"][0]) + 1, min(a["stamps"][-1], b["stamps"][-1])
        per_second = [p / alone[0] / max(1e-9, p / alone[0] + q / alone[1]) for p, q in
                      zip(windows(a["stamps"], lo, hi, 1), windows(b["stamps"], lo, hi, 1))]
        result[policy] = {"kept": [x, y], "share": x / (x + y), "per_second": per_second}
        print(f"shares, {policy}: heavy keeps {x:.1%} of its speed alone, light {y:.1%}; share of heavy {x / (x + y):.1%}; by second "
              + " ".join(f"{s:.1%}" for s in per_second))
    heavy.end(), light.end()
    return result


def swap(start, out):
    service, training = start("service", "latency", "layers:graph"), start("training", "best-effort", "gpt")
    service.ready(), training.ready()
    gbpf("policy", "swap", "weighted_share")
    time.sleep(0.3)
    moments = []

    def operator():
        for policy in ("latency_first", "weighted_share", "latency_first"):
            time.sleep(1.0)
            before = time.monotonic()
            done = gbpf("policy", "swap", policy)
            moments.append((policy, before, time.monotonic(), done.returncode))

    thread = threading.Thread(target=operator)
    training.ask("run 4.6")
    time.sleep(0.3)
    service.ask("run 4")
    thread.start()
    thread.join()
    a, b = service.answer(), training.answer()
    for policy, before, after, code in moments:
        near = [(round((t - after) * 1e3, 1), l) for t, l in zip(a["stamps"], a["latencies_ms"]) if -0.02 < t - after < 0.04]
        print(f"swap to {policy}: command {after - before:.3f} s, code {code}; requests around its end, ms from it:latency " + " ".join(f"{t:+.0f}:{l:.2f}" for t, l in near))
    with open(os.path.join(out, "swap.json"), "w") as f:
        json.dump({"moments": moments, "service": a, "training": b}, f)
    service.end(), training.end()


def quota(start, out):
    gbpf("policy", "swap", "memory_guard")
    hungry, other = start("light", "best-effort", "small"), start("heavy", "best-effort", "gpt")
    hungry.ready(), other.ready()
    update("memory_guard.limits", TENANTS["light"], str(10 << 30))
    time.sleep(0.2)
    other.ask("run 3")
    hungry.ask(f"memory {20 << 30}")
    seen, ran = hungry.answer(), other.answer()
    print(f"quota of 10 GiB on a job that wants 20: it sees {seen['total'] / 2**30:.2f} GiB, got {seen['taken'] / 2**30:.2f}, then: {seen['error']}; neighbour {rate(ran):.1f} steps/s")
    hungry.ask("run 0.2")
    print("quota: it works on:", rate(hungry.answer()) > 0)
    hungry.end(), other.end()
    return seen


def digest(start, out):
    """The same work without gBPF, and under it while policies change."""
    seen = {}
    for name in ("gpt", "resnet"):
        plain = Worker(name, options=["--deterministic"])
        under = start("training", "best-effort", name, ["--deterministic"])
        plain.ready(), under.ready()
        again = Worker(name, options=["--deterministic"]).ready()
        plain.ask("digest 30")
        first = plain.answer()["digest"]
        again.ask("digest 30")
        repeats = first == again.answer()["digest"]
        again.end()
        stop = threading.Event()

        def operator():
            i = 0
            while not stop.wait(0.15):
                gbpf("policy", "swap", ("latency_first", "weighted_share", "colocate", "bypass")[i % 4])
                i += 1

        thread = threading.Thread(target=operator)
        thread.start()
        under.ask("digest 30")
        second = under.answer()["digest"]
        stop.set(), thread.join()
        seen[name] = {"twice without": repeats, "with and without": first == second}
        words = {True: "the same", False: "NOT the same"}
        print(f"digest, {name}: twice without gBPF {words[repeats]}, with and without it {words[first == second]} ({first[:16]})")
        plain.end(), under.end()
    return seen


def frames_under(policy, jobs, other, seconds):
    """Jobs with frames beside work that never ends: how many frames were late, and what the other one got."""
    gbpf("policy", "swap", policy)
    if policy == "deadline":
        for tenant, job in jobs.items():
            # Half as much again as a frame takes: what a launch takes is an estimate, and a frame begins anywhere in a period.
            update("deadline.targets", TENANTS[tenant], f"{{ period_ns: {int(job.period_ms * 1e6)}, work_ns: {int(job.alone_ms * 1.5e6)} }}")
    time.sleep(0.3)
    other.ask(f"run {seconds + 0.4}")
    time.sleep(0.2)
    got = dict(zip(jobs, together(jobs.values(), seconds)))
    return got, rate(other.answer())


def deadline(start, out):
    """Two jobs with deadlines beside a third that always works: with the policy, and as the driver does it."""
    jobs = {"heavy": start("heavy", "best-effort", "frames"), "light": start("light", "best-effort", "renders")}
    other = start("training", "best-effort", "matmul")
    for w in [*jobs.values(), other]:
        w.ready()
    gbpf("policy", "swap", "bypass")
    result = {"alone": {}}
    for tenant, job in jobs.items():
        got = together([job], 1.5)[0]
        job.period_ms, job.alone_ms = got["period_ms"], quantile(got["latencies_ms"], 0.5)
        result["alone"][tenant] = got
        print(f"deadline, {tenant} alone: a frame takes {job.alone_ms:.2f} ms, one each {job.period_ms:.1f} ms; {got['missed']} of {got['frames']} late")
    alone = rate(together([other], 1)[0])
    for policy in ("bypass", "deadline", "bypass", "deadline"):
        got, others = frames_under(policy, jobs, other, 4)
        result.setdefault(policy, []).append({"frames": got, "other": others / alone})
        print(f"deadline, {policy}: " + "; ".join(
            f"{t} {g['missed']} of {g['frames']} late, P99 {quantile(g['latencies_ms'], 0.99):.1f} of {g['period_ms']:.1f} ms" for t, g in got.items())
            + f"; the other keeps {others / alone:.1%}")
    for w in [*jobs.values(), other]:
        w.end()
    return result


def copies(start, out, budget=4_000_000_000, burst=16 << 20):
    """A tenant that copies all the time beside a service whose requests begin with a copy."""
    service, copier = start("service", "latency", "prompts:graph"), start("light", "best-effort", "copies")
    service.ready(), copier.ready()
    gbpf("policy", "swap", "bypass")
    result = {}

    def seen(name, both):
        if both:
            copier.ask("run 3.5")
            time.sleep(0.3)
        service.ask("run 3")
        a = service.answer()
        b = copier.answer() if both else None
        speed = b["steps"] * (64 << 20) / b["seconds"] if b else float("nan")
        result.setdefault(name, []).append({"service": a["latencies_ms"], "bytes_per_second": speed})
        print(f"copies, {name}: requests P50 {quantile(a['latencies_ms'], 0.5):.3f}, P99 {quantile(a['latencies_ms'], 0.99):.3f} ms; copied {speed / 1e9:.2f} GB/s")

    seen("the service alone", False)
    for _ in range(2):
        gbpf("policy", "swap", "bypass")
        seen("bypass", True)
        gbpf("policy", "swap", "copy_budget")
        update("copy_budget.IO_BUDGETS", TENANTS["light"], f"{{ bytes_per_second: {budget}, burst_bytes: {burst} }}")
        time.sleep(0.3)
        seen(f"copy_budget of {budget / 1e9:.0f} GB/s", True)
    service.end(), copier.end()
    return result


def memory(start, out):
    """Two tenants that take all the memory that they see, and then a service that needs some: without the policy, and with limits that leave it room."""
    needs = 6 << 30
    hungry = {t: start(t, "best-effort", "small") for t in ("heavy", "light")}
    service = start("service", "latency", "small")
    for w in [*hungry.values(), service]:
        w.ready()
    service.ask("memory 0")
    free = service.answer()["free"]
    limit = (free - needs - (2 << 30)) // 2
    result = {"free": free, "limit": limit}
    for policy in ("bypass", "memory_guard"):
        gbpf("policy", "swap", policy)
        if policy == "memory_guard":
            for tenant in hungry:
                update("memory_guard.limits", TENANTS[tenant], str(limit))
        time.sleep(0.3)
        for w in hungry.values():
            w.ask(f"hold {1 << 50}")
        took = {t: w.answer() for t, w in hungry.items()}
        churned = {}
        if policy == "memory_guard":
            for w in hungry.values():
                w.ask("churn 50")
            churned = {t: w.answer() for t, w in hungry.items()}
        service.ask(f"memory {needs}")
        served = service.answer()
        ran = together([service], 0.5)[0]
        for w in hungry.values():
            w.ask("drop")
        for w in hungry.values():
            w.answer()
        result[policy] = {"took": took, "churned": churned, "service": served}
        print(f"memory, {policy}: " + "; ".join(f"{t} sees {g['total'] / 2**30:.2f} GiB and gets {g['taken'] / 2**30:.2f}" for t, g in took.items())
              + (f" (each may have {limit / 2**30:.2f})" if churned else "")
              + f"; the service wants {needs / 2**30:.0f} and gets {served['taken'] / 2**30:.2f}, and works: {ran['steps'] > 0}")
        if churned:
            print("memory, at the limit one piece back and two wanted: " + "; ".join(f"{t} {g['refused']} of {g['times']} refused, holds {g['taken'] / 2**30:.2f} GiB"
                                                                                    for t, g in churned.items()))
    for w in [*hungry.values(), service]:
        w.end()
    return result


def launch(start, out, prefix):
    """What a launch costs more, by wrapped and real calls in turns in one process."""
    program = os.path.join(out, "launch_cost")
    if not os.path.exists(program):
        subprocess.run([os.environ.get("CC", "cc"), "-std=gnu11", "-O2", "-pthread", "-o", program, os.path.join(HERE, "launch_cost.c"), "-ldl"], check=True)
    result = {}
    for policy in ("bypass", "latency_first", "weighted_share"):
        gbpf("policy", "swap", policy)
        for what, kind, tenant, others in (("latency", "latency", "service", 0), ("best-effort", "best-effort", "training", 0),
                                           ("best-effort, a third thread", "best-effort", "training", 2)):
            command = shlex.split(prefix.format(**{"tenant": tenant, "class": kind})) + [program, "6", str(others)]
            got = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            result[f"{policy}, {what}"] = got
            print(f"launch, {policy}, {what}{'' if got['attached'] else ' (NOT ATTACHED)'}: a launch takes {got['real_ns']:.0f} ns, P50; added {said(got['added_ns'], 1)} ns "
                  f"(nothing against nothing: {said(got['nothing_ns'], 1)}); throughput {said(got['throughput_percent'], 2)} % (nothing: {said(got['nothing_percent'], 2)})")
    return result


def said(interval, digits):
    return "{:+.{d}f} [{:+.{d}f} .. {:+.{d}f}]".format(*interval, d=digits)


def operate():
    p = argparse.ArgumentParser()
    p.add_argument("--gbpf", required=True)
    p.add_argument("--daemon", required=True)
    p.add_argument("--out", default=".")
    p.add_argument("--only", default=ALL)
    p.add_argument("--reps", type=int, default=5, help="how often each fault is brought about")
    p.add_argument("--faults", default="stops,kills,upgrades,clients", help="which")
    args = p.parse_args()
    os.makedirs(args.out, exist_ok=True)
    started = []

    def start(tenant, kind, name, options=()):
        started.append(Worker(name, args.gbpf.format(**{"tenant": tenant, "class": kind}), options=options))
        return started[-1]

    results = {}
    daemon = Daemon(args.daemon, os.path.join(args.out, "daemon.log")).start("latency_first")
    try:
        for policy in ("weighted_share", "memory_guard", "colocate", "deadline", "copy_budget"):
            gbpf("policy", "load", policy)
        more = {"launch": {"prefix": args.gbpf}, "faults": {"daemon": daemon, "reps": args.reps, "kinds": [getattr(kinds, k) for k in args.faults.split(",")]}}
        for part in args.only.split(","):
            results[part] = globals()[part](start, args.out, **more.get(part, {}))
            with open(os.path.join(args.out, "operate.json"), "w") as f:
                json.dump(results, f)
    finally:
        for w in started:
            w.process.kill()
        daemon.end()


if __name__ == "__main__":
    operate()
