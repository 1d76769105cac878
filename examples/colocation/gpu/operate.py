"""What an operator does while applications run, measured: shares of weights, a swap under load, a quota, and a daemon that is killed.

    python3 operate.py --gbpf "gbpf exec --tenant {tenant} --class {class} --" --out DIR [--only shares,swap,quota,digest,kill]

Each part says what it saw in a line or two, and writes its raw data. The daemon must have a tenant `heavy` of weight 3 and one `light` of
weight 1; `kill` starts a daemon anew with the command of --daemon.
"""

import argparse
import json
import os
import shlex
import signal
import subprocess
import threading
import time

from measure import Worker, quantile, window


def gbpf(*words):
    return subprocess.run(["gbpf", *words], capture_output=True, text=True)


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
    print("quota:", gbpf("map", "update", "memory_guard.limits", "3", str(10 << 30)).stderr.strip() or "set")
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


def kill(start, out, daemon):
    service, training = start("service", "latency", "layers:graph"), start("training", "best-effort", "gpt")
    service.ready(), training.ready()
    gbpf("policy", "swap", "colocate")
    pid = int(subprocess.run(["pgrep", "-f", "GbpfMain daemon"], capture_output=True, text=True).stdout.split()[0])
    for name, sign in (("SIGSTOP", signal.SIGSTOP), ("SIGKILL", signal.SIGKILL)):
        training.ask("run 3")
        time.sleep(0.5)
        service.ask("run 2")
        time.sleep(1.0)
        at = time.monotonic()
        os.kill(pid, sign)
        a, b = service.answer(), training.answer()
        gap = max((y - x for x, y in zip(b["stamps"], b["stamps"][1:]) if y > at), default=float("nan"))
        worst = max((l for t, l in zip(a["stamps"], a["latencies_ms"]) if t > at), default=float("nan"))
        print(f"{name} of the daemon: longest pause between training's steps afterwards {gap * 1e3:.0f} ms (a step takes {1e3 / rate(b):.0f}), worst request {worst:.2f} ms")
        if sign == signal.SIGSTOP:
            os.kill(pid, signal.SIGCONT)
            time.sleep(0.5)
    again = subprocess.Popen(shlex.split(daemon), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(4)
    got = window(service, training, 1.5)
    print(f"a new daemon: {gbpf('tenant', 'list').stdout.strip()}")
    print(f"under it: p99 {quantile(got['latencies_ms'], 0.99):.2f} ms, {got['rate']:.1f} steps/s")
    service.end()
    training.process.kill()
    time.sleep(0.5)
    print("after kill -9 of the clients:", gbpf("tenant", "list").stdout.strip().split("\n")[1:3])
    again.terminate()


def operate():
    p = argparse.ArgumentParser()
    p.add_argument("--gbpf", required=True)
    p.add_argument("--daemon", default="")
    p.add_argument("--out", default=".")
    p.add_argument("--only", default="shares,swap,quota,digest,kill")
    args = p.parse_args()
    os.makedirs(args.out, exist_ok=True)

    def start(tenant, kind, name, options=()):
        return Worker(name, args.gbpf.format(**{"tenant": tenant, "class": kind}), options=options)

    results = {}
    for part in args.only.split(","):
        results[part] = kill(start, args.out, args.daemon) if part == "kill" else globals()[part](start, args.out)
    with open(os.path.join(args.out, "operate.json"), "w") as f:
        json.dump(results, f)


if __name__ == "__main__":
    operate()
