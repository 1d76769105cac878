"""Records applications on a GPU: a latency tenant alone, a best-effort one alone, and both together, under known policies.

Starts a daemon for applications, the applications under it, and lets them work in short windows. Each window is recorded, and what the
applications measured themselves in the same window is written beside it, so that what replays predict can be compared with what was.
How fast a process's CPU is drifts within seconds on a shared host. So the windows of one repetition follow each other at once,
in an order that is shuffled anew each time: whatever drifts falls on alone and together alike.

    python3 record.py --out DIR [--pair decode:graph+gpt] [--policies bypass,latency_first,colocate] [--seconds 3] [--best-seconds 1.5]
        [--reps 5] [--within 600]

Writes DIR/NAME.gbrec, the recordings, and a line for each in DIR/windows.jsonl: pair, what, policy, repetition, its latencies in ms and when
each request began, ms after the recording did, and steps a second. NAME is PAIR-WHAT-POLICY-REP, and WHAT is latency, best or mixed. `gbpf`
must be on the PATH.
"""

import argparse
import base64
import json
import os
import random
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time

from daemon import Daemon
from measure import HERE, Worker, quantile

# How long all work before a recording begins, and how long they may: they stop when it is over.
LEAD_S, MOST_S = 0.3, 60


class RecordingDaemon(Daemon):
    """A daemon with the tenants of tenants.yaml, and a connection to it; the protocol is that of docs/daemon.md."""

    def __init__(self, folder, log):
        os.environ["GBPF_SOCKET"] = os.path.join(folder, "gbpf.sock")
        os.environ["GBPF_STATE"] = os.path.join(folder, "state")
        super().__init__("gbpf daemon --device interposed --scenario " + shlex.quote(os.path.join(HERE, "tenants.yaml")), log)
        self.policy = "bypass"
        self.start(self.policy)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(os.environ["GBPF_SOCKET"])
        self.lines = self.socket.makefile()

    def call(self, method, **params):
        """The result of a request, and the events before it."""
        self.socket.sendall((json.dumps({"version": 1, "id": 1, "method": method, "params": params}) + "\n").encode())
        events = []
        for line in self.lines:
            reply = json.loads(line)
            if "event" not in reply or "result" in reply:
                if "error" in reply:
                    raise RuntimeError(f"{method}: {reply['error']['message']}")
                return reply["result"], events
            events.append(reply["event"])
        raise RuntimeError("the daemon went")

    def decide(self, policy):
        if policy != self.policy:
            self.call("policy.swap", policy=policy)
            self.policy = policy
            time.sleep(0.1)

    def record(self, seconds, path):
        got, events = self.call("recording.take", ms=round(seconds * 1e3))
        with open(path, "wb") as out:
            for event in events:
                out.write(base64.b64decode(event.get("chunk", "")))
        if got["lost"] or not got["complete"]:
            print(f"{path}: {got['lost']} events lost", file=sys.stderr)
        return got["beganNs"] / 1e9


def recorded(daemon, workers, seconds, path):
    """
    Lets the workers work, and records: all work when the recording begins, and still do when it ends. The stamps of requests and the
    recording's beginning are both CLOCK_MONOTONIC.
    """
    for worker in workers.values():
        worker.ask(f"run {MOST_S}")
    time.sleep(LEAD_S)
    began = daemon.record(seconds, path)
    for worker in workers.values():
        worker.ask("stop")
    return {name: worker.answer() for name, worker in workers.items()}, began


def take(args, daemon, what, workers, policy, rep, windows):
    daemon.decide(policy)
    seconds = args.best_seconds if what == "best" else args.seconds
    name = re.sub("[:+=]", "_", f"{args.pair}-{what}-{policy}-{rep}")
    path = os.path.join(args.out, name + ".gbrec")
    answers, began = recorded(daemon, workers, seconds, path)
    said = {"pair": args.pair, "what": what, "policy": policy, "rep": rep, "at": round(began, 3), "recording": name}
    line = f"{name:52}{os.path.getsize(path):>9,} B"
    if "latency" in answers:
        got = answers["latency"]
        inside = [(ms, at - began) for ms, at in zip(got["latencies_ms"], got["stamps"]) if 0 <= at - began <= seconds - ms / 1e3]
        said["latencies_ms"] = [round(ms, 3) for ms, _ in inside]
        said["began_ms"] = [round(at * 1e3, 3) for _, at in inside]
        line += f"   P50 {quantile(said['latencies_ms'], 0.5):7.3f} ms   P99 {quantile(said['latencies_ms'], 0.99):7.3f} ms"
    if "best" in answers:
        inside = [at for at in answers["best"]["stamps"] if 0 <= at - began <= seconds]
        said["steps_per_second"] = round((len(inside) - 1) / (inside[-1] - inside[0]), 2) if len(inside) > 2 else None
        line += f"   {said['steps_per_second']} steps/s"
    windows.write(json.dumps(said) + "\n")
    windows.flush()
    print(line, flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--out", required=True)
    p.add_argument("--pair", default="decode:graph+gpt", help="latency tenant + best-effort tenant, of workloads.py")
    p.add_argument("--policies", default="bypass,latency_first,colocate", help="under which both run together")
    p.add_argument("--seconds", type=float, default=3.0, help="of each recording")
    p.add_argument("--best-seconds", type=float, default=1.5, help="of one of the best-effort tenant alone, which replays repeat")
    p.add_argument("--reps", type=int, default=5)
    p.add_argument("--within", type=float, default=600.0, help="seconds after which no repetition begins")
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    os.makedirs(args.out, exist_ok=True)
    rng = random.Random(args.seed)
    names = dict(zip(("latency", "best"), args.pair.split("+")))
    prefix = {"latency": "gbpf exec --tenant service --class latency --", "best": "gbpf exec --tenant training --class best-effort --"}
    workers = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        open(os.path.join(args.out, "windows.jsonl"), "a") as windows,
    ):
        daemon = RecordingDaemon(folder, os.path.join(args.out, "daemon.log"))
        try:
            for what, name in names.items():
                workers[what] = Worker(name, prefix[what])
            policies = args.policies.split(",")
            for policy in policies:
                if policy != "bypass":
                    subprocess.run(["gbpf", "policy", "load", policy], check=True, stdout=subprocess.DEVNULL)
            for worker in workers.values():
                worker.ready()
            for worker in workers.values():  # what a launch takes alone is known before anything counts
                recorded(daemon, {"": worker}, 1, os.path.join(folder, "warm-up.gbrec"))
            begin = time.monotonic()
            for rep in range(args.reps):
                if time.monotonic() - begin > args.within:
                    break
                todo = [("mixed", policy) for policy in policies] + [("latency", "bypass"), ("best", "bypass")]
                rng.shuffle(todo)
                for what, policy in todo:
                    of = dict(reversed(workers.items())) if what == "mixed" else {what: workers[what]}
                    take(args, daemon, what, of, policy, rep, windows)
        finally:
            for worker in workers.values():
                worker.end()
            daemon.end()


if __name__ == "__main__":
    sys.exit(main())
