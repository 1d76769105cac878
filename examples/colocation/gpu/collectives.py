"""Training on two GPUs, whose ranks wait for each other in collective operations, beside a service on each: nobody may wait for ever.

    python3 collectives.py --gbpf "gbpf exec --tenant {tenant} --class {class} --" --policies bypass,latency_first,colocate,weighted_share

Needs two GPUs and NCCL; policies are the daemon's, which begins with one, and with an empty --gbpf there are none. Each rank multiplies matrices and adds up 64 MiB with the other one, all the time; requests of the service come to
both GPUs at random times, so that a policy holds up one rank while the other one waits for it. First requests and ranks alone; then for each policy: steps
a second, whether both ranks made as many, whether the sums are right, and the requests' latencies. A window in which nothing ends for 30 s is a
deadlock, and ends all with status 1. With --out each window is a line of a file.
"""

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import time

from measure import HERE, Worker, quantile

GPUS = 2


def rank():
    """A rank: reads `run SECONDS`, works, and prints what came of it."""
    import torch
    import torch.distributed as dist

    me = int(os.environ["RANK"])
    dist.init_process_group("nccl", device_id=torch.device("cuda:0"))
    a, b, c = (torch.randn(4096, 4096, device="cuda", dtype=torch.half) / 64 for _ in range(3))
    words = torch.empty(16 << 20, device="cuda")
    go_on = torch.zeros(1, device="cuda")

    def step(number):
        torch.mm(a, b, out=c)
        words.fill_(me + number)
        dist.all_reduce(words)

    for i in range(5):
        step(i)
    torch.cuda.synchronize()
    print("ready", flush=True)
    for line in sys.stdin:
        seconds, begin, steps, wrong = float(line.split()[1]), time.monotonic(), 0, 0
        while True:
            step(steps)
            go_on.fill_(1.0 if time.monotonic() - begin < seconds else 0.0)
            dist.all_reduce(go_on)  # both end after the same step
            wrong += int(words[-1].item() != GPUS * steps + 1)
            steps += 1
            if go_on.item() < GPUS:
                break
        print(json.dumps({"steps": steps, "seconds": time.monotonic() - begin, "wrong": wrong}), flush=True)
    dist.destroy_process_group()


class Rank(Worker):
    def __init__(self, number, prefix, port):
        self.name = f"rank {number}"
        env = {"RANK": str(number), "WORLD_SIZE": str(GPUS), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "CUDA_VISIBLE_DEVICES": str(number),
               "NCCL_NVLS_ENABLE": "0"}
        command = shlex.split(prefix) + [sys.executable, os.path.join(HERE, "collectives.py"), "--rank"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **env})


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--rank", action="store_true", help="be a rank; what this program starts itself")
    p.add_argument("--gbpf", default="gbpf exec --tenant {tenant} --class {class} --")
    p.add_argument("--policies", default="bypass,latency_first,colocate,weighted_share")
    p.add_argument("--swap", default="gbpf policy swap {policy}")
    p.add_argument("--seconds", type=float, default=3)
    p.add_argument("--reps", type=int, default=2)
    p.add_argument("--out", help="a file for raw data")
    args = p.parse_args()
    if args.rank:
        return rank()
    signal.signal(signal.SIGALRM, lambda *_: (print("DEADLOCK: nothing ended for 30 s", flush=True), os._exit(1)))
    ranks = [Rank(i, args.gbpf.format(**{"tenant": "training", "class": "best-effort"}), 29513) for i in range(GPUS)]
    services = [Worker("layers:graph", args.gbpf.format(**{"tenant": "service", "class": "latency"}), {"CUDA_VISIBLE_DEVICES": str(i)}) for i in range(GPUS)]
    policies = args.policies.split(",") if args.gbpf else ["without gBPF"]
    failed, decides = False, None

    def swap(policy):
        nonlocal decides
        if args.gbpf and policy != decides:
            decides = policy
            subprocess.run(shlex.split(args.swap.format(policy=policy)), check=True, stdout=subprocess.DEVNULL)

    def window(name, rep, ranks, services):
        nonlocal failed
        signal.alarm(30 + int(args.seconds))
        for w in ranks:
            w.ask(f"run {args.seconds + 1}")
        time.sleep(0.5)
        for w in services:
            w.ask(f"run {args.seconds}")
        latencies = [w.answer()["latencies_ms"] for w in services]
        got = [w.answer() for w in ranks]
        said = []
        if ranks:
            same, right = got[0]["steps"] == got[1]["steps"], not any(g["wrong"] for g in got)
            failed |= not (same and right)
            said.append(f"{got[0]['steps'] / got[0]['seconds']:7.1f} steps/s, ranks {'alike' if same else 'NOT ALIKE'}, sums {'right' if right else 'WRONG'}")
        if services:
            said.append("requests' " + ", ".join(f"{n} {' and '.join(f'{quantile(of, q):.3f}' for of in latencies)} ms" for n, q in (("P50", 0.5), ("P99", 0.99))))
        print(f"{name:16} " + "; ".join(said), flush=True)
        if args.out:
            with open(args.out, "a") as raw:
                raw.write(json.dumps({"policy": name, "rep": rep, "ranks": got, "latencies_ms": latencies}) + "\n")

    try:
        signal.alarm(120)
        for w in ranks + services:
            w.ready()
        swap("bypass")
        for rep in range(args.reps):
            window("requests alone", rep, [], services)
            window("ranks alone", rep, ranks, [])
        for rep in range(args.reps):
            for policy in policies:
                swap(policy)
                window(policy, rep, ranks, services)
    finally:
        signal.alarm(0)
        for w in ranks + services:
            w.end()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
