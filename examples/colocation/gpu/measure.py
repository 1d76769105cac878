"""Measures a latency tenant beside a best-effort one: alone, under the driver's time slicing, under MPS, and under gBPF, in one run.

All processes start once and wait; then short windows of the arrangements follow each other in an order that is shuffled anew in each
repetition, so that whatever drifts falls on all alike. Writes every latency, and prints medians over the repetitions with 95 % intervals
(bootstrap over repetitions).

    python3 measure.py --latency layers --best matmul --out DIR \
        --gbpf "gbpf exec --tenant {tenant} --class {class} --" --policies latency_first,colocate --swap "gbpf policy swap {policy}"

With --mps also under MPS, and with --mps-policies under gBPF over MPS: the best-effort process has --sm-percent of the SMs' threads, and MPS's
lower client priority. With --sms also with SMs of its own instead, which take effect on streams of its own (matmul:stream) and in graphs.
"""

import argparse
import json
import os
import random
import re
import shlex
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MPS = {"CUDA_MPS_PIPE_DIRECTORY": "/tmp/gbpf-mps/pipe", "CUDA_MPS_LOG_DIRECTORY": "/tmp/gbpf-mps/log"}
START_S, ANSWER_S = 180, 60


class Worker:
    """A process of workloads.py."""

    def __init__(self, name, prefix="", env=None, options=()):
        base, *flags = name.split(":")
        command = shlex.split(prefix) + [sys.executable, os.path.join(HERE, "workloads.py"), base] + ["--" + f for f in flags] + list(options)
        self.name = name
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **(env or {})})

    def read(self):
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError(f"{self.name} ended with {self.process.wait()}")
            if line.startswith(("ready", "{")):
                return line

    def ready(self):
        self.read()
        return self

    def ask(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()

    def answer(self):
        return json.loads(self.read())

    def end(self):
        try:
            self.process.stdin.close()
            self.process.wait(10)
        except (subprocess.TimeoutExpired, OSError):
            self.process.kill()


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))] if values else float("nan")


def interval(values, rng):
    """Median and the bootstrap's 95 % interval of it."""
    values = [v for v in values if v == v]
    if not values:
        return float("nan"), float("nan"), float("nan")
    medians = sorted(statistics.median(rng.choices(values, k=len(values))) for _ in range(1000))
    return statistics.median(values), medians[25], medians[974]


def window(latency, best, seconds):
    """Lets both work; best effort begins half a second earlier, and ends later."""
    if best:
        best.ask(f"run {seconds + (0.8 if latency else 0)}")
        if latency:
            time.sleep(0.5)
    if latency:
        latency.ask(f"run {seconds}")
    out = {}
    if latency:
        out["latencies_ms"] = latency.answer()["latencies_ms"]
    if best:
        got = best.answer()
        out["rate"] = got["steps"] / got["seconds"]
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--latency", default="layers")
    p.add_argument("--best", default="matmul")
    p.add_argument("--reps", type=int, default=5)
    p.add_argument("--seconds", type=float, default=2.0)
    p.add_argument("--mps", action="store_true", help="also MPS, and MPS with best effort limited to 75 %% of the threads")
    p.add_argument("--gbpf", help="what to put in front of a command; {tenant} and {class} are filled in")
    p.add_argument("--policies", default="", help="policies to measure, separated by commas")
    p.add_argument("--mps-policies", default="", help="policies to measure over MPS, separated by commas; needs --mps")
    p.add_argument("--sm-percent", type=int, default=60, help="of the SMs' threads, for best effort under gBPF over MPS")
    p.add_argument("--sms", help="the SMs of best effort's streams, for arrangements of their own under gBPF over MPS")
    p.add_argument("--swap", default="gbpf policy swap {policy}", help="the command that changes the policy")
    p.add_argument("--only", default="", help="arrangements to measure, a regular expression; besides what each has alone")
    p.add_argument("--out", default=".")
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    rng = random.Random(args.seed)
    os.makedirs(args.out, exist_ok=True)
    if args.mps:
        for d in MPS.values():
            os.makedirs(d, exist_ok=True)
        subprocess.run(["nvidia-cuda-mps-control", "-d"], env={**os.environ, **MPS}, check=True)
    workers = {}

    def start(key, name, prefix="", env=None):
        workers[key] = Worker(name, prefix, env)

    try:
        start("plain-l", args.latency)
        start("plain-b", args.best)
        arrangements = {"alone": ("plain-l", None, None), "best effort alone": (None, "plain-b", None), "time slicing": ("plain-l", "plain-b", None)}
        if args.mps:
            start("mps-l", args.latency, env=MPS)
            start("mps-b", args.best, env=MPS)
            start("mps75-b", args.best, env={**MPS, "CUDA_MPS_ACTIVE_THREAD_PERCENTAGE": "75"})
            arrangements["MPS"] = ("mps-l", "mps-b", None)
            arrangements["MPS, 75 %"] = ("mps-l", "mps75-b", None)
        if args.gbpf:
            start("gbpf-l", args.latency, args.gbpf.format(**{"tenant": "service", "class": "latency"}))
            start("gbpf-b", args.best, args.gbpf.format(**{"tenant": "training", "class": "best-effort"}))
            for policy in filter(None, args.policies.split(",")):
                arrangements[f"gBPF {policy}"] = ("gbpf-l", "gbpf-b", policy)
            for policy in filter(None, args.mps_policies.split(",")):
                arrangements[f"gBPF {policy} over MPS"] = ("gbpf-mps-l", "gbpf-mps-b", policy)
            if args.mps and args.mps_policies:
                share = f"gbpf exec --sm-percent {args.sm_percent} "
                start("gbpf-mps-l", args.latency, args.gbpf.format(**{"tenant": "service", "class": "latency"}), env=MPS)
                best = args.gbpf.format(**{"tenant": "training", "class": "best-effort"}).replace("gbpf exec ", share)
                start("gbpf-mps-b", args.best, best, env=MPS)
                if args.sms:
                    start("gbpf-sms-b", args.best, best.replace(share, f"gbpf exec --sms {args.sms} "), env=MPS)
                    for policy in filter(None, args.mps_policies.split(",")):
                        arrangements[f"gBPF {policy} over MPS, SMs {args.sms}"] = ("gbpf-mps-l", "gbpf-sms-b", policy)
                    arrangements[f"gBPF over MPS, best, SMs {args.sms}"] = (None, "gbpf-sms-b", "")
                arrangements["gBPF over MPS, alone"] = ("gbpf-mps-l", None, "")
                arrangements["gBPF over MPS, best alone"] = (None, "gbpf-mps-b", "")
            arrangements["gBPF, alone"] = ("gbpf-l", None, "")
            arrangements["gBPF, best effort alone"] = (None, "gbpf-b", "")
        if args.only:
            arrangements = {a: v for a, v in arrangements.items() if a in ("alone", "best effort alone") or re.search(args.only, a)}
        for w in workers.values():
            w.ready()
        results = {a: {"p50": [], "p99": [], "rate": []} for a in arrangements}
        last = next(iter(filter(None, args.policies.split(","))), "")
        decides = None
        with open(os.path.join(args.out, "windows.jsonl"), "w") as raw:
            for rep in range(args.reps):
                order = list(arrangements)
                rng.shuffle(order)
                for a in order:
                    latency, best, policy = arrangements[a]
                    policy = last if policy == "" else policy
                    if policy and policy != decides:
                        decides = policy
                        subprocess.run(shlex.split(args.swap.format(policy=policy)), check=True, stdout=subprocess.DEVNULL)
                        time.sleep(0.1)
                    got = window(workers.get(latency), workers.get(best), args.seconds)
                    if "latencies_ms" in got:
                        results[a]["p50"].append(quantile(got["latencies_ms"], 0.5))
                        results[a]["p99"].append(quantile(got["latencies_ms"], 0.99))
                    if "rate" in got:
                        results[a]["rate"].append(got["rate"])
                    raw.write(json.dumps({"rep": rep, "arrangement": a, **got}) + "\n")
        alone99 = statistics.median(results["alone"]["p99"])
        alone_rate = statistics.median(results["best effort alone"]["rate"])
        print(f"{args.latency} beside {args.best}: {args.reps} x {args.seconds} s")
        print(f"{'arrangement':40}{'P50 ms':>9}{'P99 ms':>9}{'95 %':>18}{'x alone':>9}{'steps/s':>10}{'95 %':>20}{'of alone':>9}")
        for a, r in results.items():
            p50 = interval(r["p50"], rng)[0]
            p99, lo, hi = interval(r["p99"], rng)
            rate, rlo, rhi = interval(r["rate"], rng)
            print(f"{a:40}{p50:9.3f}{p99:9.3f}{f'{lo:.3f}..{hi:.3f}':>18}{p99 / alone99:9.2f}{rate:10.2f}{f'{rlo:.2f}..{rhi:.2f}':>20}{rate / alone_rate:9.1%}")
    finally:
        for w in workers.values():
            w.end()
        if args.mps:
            subprocess.run(["nvidia-cuda-mps-control"], input="quit\n", text=True, env={**os.environ, **MPS}, timeout=30)


if __name__ == "__main__":
    main()
