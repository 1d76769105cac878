"""Records applications on a GPU: a latency tenant alone, a best-effort one alone, and two pairs of them together, under known policies.

Starts a daemon for applications, the applications under it, and lets them work in windows as measure.py does. Each window is recorded by
`gbpf record`, and what the applications measured themselves in the same window is written beside it, so that what a replay predicts can be
compared with what was.

    python3 record.py --out DIR [--seconds 4] [--pairs decode:graph+gpt,layers+resnet] [--policies bypass,latency_first,colocate] [--reps 2]

Writes DIR/NAME.gbrec, the recording, and DIR/NAME.json: pair, policy, repetition, the latencies in ms and when each request began, steps a
second, and what `gbpf tenant list` said. NAME is PAIR-WHAT-POLICY-REP, and WHAT is latency, best or mixed. `gbpf` must be on the PATH.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

from measure import HERE, Worker, quantile

START_S = 60
# How long all work before the command that records begins, and how much longer they work than what it needs.
LEAD_S, TAIL_S = 0.5, 3.5


def gbpf(*words):
    return subprocess.run(["gbpf", *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def start_daemon(log):
    """A daemon with the tenants of tenants.yaml, once it takes applications."""
    scenario = os.path.join(HERE, "tenants.yaml")
    daemon = subprocess.Popen(
        ["gbpf", "daemon", "--device", "interposed", "--scenario", scenario, "--policy", "bypass"], stdout=log, stderr=log)
    until = time.monotonic() + START_S
    while not os.path.exists(os.environ["GBPF_SOCKET"] + ".attach"):
        if daemon.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the daemon did not start; see daemon.log")
        time.sleep(0.1)
    return daemon


def recorded(workers, seconds, path):
    """
    Lets the workers work, and records the middle of it: all work when the recording begins, and still do when it ends. What they measured
    is of the whole window; the stamps of requests and the recording's beginning are both CLOCK_MONOTONIC.
    """
    for worker in workers.values():
        worker.ask(f"run {LEAD_S + seconds + TAIL_S}")
    time.sleep(LEAD_S)
    got = json.loads(gbpf("record", "--json", "--seconds", str(seconds), "--out", path))
    if got["lost"] or not got["complete"]:
        print(f"{path}: {got['lost']} events lost", file=sys.stderr)
    began = got["beganNs"] / 1e9
    return {name: worker.answer() for name, worker in workers.items()}, began, began + seconds


def rates(stamps, began, ended):
    """Steps a second within the recording."""
    inside = [s for s in stamps if began <= s <= ended]
    return (len(inside) - 1) / (inside[-1] - inside[0]) if len(inside) > 2 else float("nan")


def take(args, pair, what, workers, policy, rep):
    if json.loads(gbpf("top", "--count", "1", "--json"))["policy"] != policy:
        gbpf("policy", "swap", policy)
        time.sleep(0.3)
    name = f"{pair}-{what}-{policy}-{rep}".replace(":", "_").replace("+", "_")
    path = os.path.join(args.out, name + ".gbrec")
    answers, began, ended = recorded(workers, args.seconds, path)
    said = {"pair": pair, "what": what, "policy": policy, "rep": rep, "began": began, "ended": ended}
    line = f"{name:52}{os.path.getsize(path):>9,} B"
    if "latency" in answers:
        got = answers["latency"]
        inside = [(ms, at) for ms, at in zip(got["latencies_ms"], got["stamps"]) if began <= at <= ended]
        said["latencies_ms"] = [ms for ms, _ in inside]
        said["stamps"] = [at for _, at in inside]
        line += f"   P50 {quantile(said['latencies_ms'], 0.5):7.3f} ms   P99 {quantile(said['latencies_ms'], 0.99):7.3f} ms"
    if "best" in answers:
        got = answers["best"]
        said["steps_per_second"] = rates(got["stamps"], began, ended)
        said["steps_per_second_window"] = got["steps"] / got["seconds"]
        line += f"   {said['steps_per_second']:7.2f} steps/s"
    said["tenants"] = json.loads(gbpf("tenant", "list", "--json"))
    with open(os.path.join(args.out, name + ".json"), "w") as out:
        json.dump(said, out)
    print(line, flush=True)


def record_pair(args, pair, policies):
    latency, best = pair.split("+")
    prefix = "gbpf exec --tenant {} --class {} --"
    workers = {}
    try:
        workers["latency"] = Worker(latency, prefix.format("service", "latency"))
        workers["best"] = Worker(best, prefix.format("training", "best-effort"))
        for worker in workers.values():
            worker.ready()
        for name, worker in workers.items():  # what a launch takes alone is known before anything counts
            recorded({name: worker}, 1, os.path.join(args.out, "warm-up.gbrec"))
        for rep in range(args.reps):
            take(args, pair, "latency", {"latency": workers["latency"]}, "bypass", rep)
            take(args, pair, "best", {"best": workers["best"]}, "bypass", rep)
            for policy in policies:
                take(args, pair, "mixed", dict(reversed(workers.items())), policy, rep)
    finally:
        for worker in workers.values():
            worker.end()


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--out", required=True)
    p.add_argument("--seconds", type=float, default=4.0, help="of each recording")
    p.add_argument("--pairs", default="decode:graph+gpt,layers+resnet", help="latency tenant + best-effort tenant, of workloads.py")
    p.add_argument("--policies", default="bypass,latency_first,colocate", help="under which both run together")
    p.add_argument("--reps", type=int, default=2)
    args = p.parse_args()
    os.makedirs(args.out, exist_ok=True)
    policies = args.policies.split(",")
    with tempfile.TemporaryDirectory() as work, open(os.path.join(args.out, "daemon.log"), "w") as log:
        os.environ["GBPF_SOCKET"] = os.path.join(work, "gbpf.sock")
        os.environ["GBPF_STATE"] = os.path.join(work, "state")
        daemon = start_daemon(log)
        try:
            for policy in policies:
                if policy != "bypass":
                    gbpf("policy", "load", policy)
            for pair in args.pairs.split(","):
                record_pair(args, pair, policies)
        finally:
            if os.path.exists(os.path.join(args.out, "warm-up.gbrec")):
                os.remove(os.path.join(args.out, "warm-up.gbrec"))
            daemon.terminate()
            daemon.wait(30)


if __name__ == "__main__":
    sys.exit(main())
