"""One application of the colocation measurement: an ordinary PyTorch program that knows nothing of policies.

    python3 workloads.py NAME [--graph] [--stream] [--seed N]

It warms up, prints a line `ready`, and then does what standard input says, a line each:

    run SECONDS     work for so long, or until the next line, then print what came of it as one line of JSON
    digest STEPS    start anew from the seed, do so many steps with deterministic algorithms, print a hash of all results
    memory BYTES    allocate device memory until so much is held or none is left, print what was seen, free it
    hold BYTES      the same, and keep it
    churn TIMES     of what is held give one piece back and ask for two, so many times; print how often the second was refused
    drop            free what is held
    quit

Latency tenants get requests at fixed intervals with some jitter; the latency of a request is from its arrival to its result on the host.
Tenants with frames get them at fixed intervals, and each is due when the next one comes. Best-effort tenants work without a pause, and count steps.
"""

import argparse
import gc
import hashlib
import json
import os
import random
import select
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

DEVICE = "cuda"


def sync():
    torch.cuda.current_stream().synchronize()


def graphed(step):
    """A CUDA graph of one step, after it has warmed up on a side stream."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


class Layers:
    """40 linear layers with GELU, fp16, batch 1: about 80 kernels a request. A sixth of the time is its requests', had they the device alone."""

    kind, burst, part = "latency", 1, 1 / 6

    def __init__(self, graph):
        self.net = nn.Sequential(*[m for _ in range(40) for m in (nn.Linear(2048, 2048), nn.GELU())]).half().to(DEVICE)
        self.x = torch.randn(1, 2048, device=DEVICE, dtype=torch.half)
        self.y = torch.empty_like(self.x)
        self.step = graphed(self.once) if graph else self.once

    @torch.no_grad()
    def once(self):
        self.y.copy_(self.net(self.x))

    def results(self):
        return [self.y]


class Prompts(Layers):
    """The same, and 4 MiB from the host before it."""

    def __init__(self, graph):
        super().__init__(graph)
        self.host = torch.empty(4 << 20, dtype=torch.uint8, pin_memory=True)
        self.prompt = torch.empty(4 << 20, dtype=torch.uint8, device=DEVICE)
        request = self.step

        def step():
            self.prompt.copy_(self.host, non_blocking=True)
            request()

        self.step = step


class Block(nn.Module):
    """A transformer block, with a cache of keys and values when it decodes."""

    def __init__(self, width, heads, dropout=0.0):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, cache=None, at=None, mask=None):
        b, t, w = x.shape
        q, k, v = (p.view(b, t, self.heads, w // self.heads).transpose(1, 2) for p in self.qkv(self.before(x)).split(w, 2))
        if cache is None:
            a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            cache[0].index_copy_(2, at, k)
            cache[1].index_copy_(2, at, v)
            a = F.scaled_dot_product_attention(q, cache[0], cache[1], attn_mask=mask)
        x = x + self.out(a.transpose(1, 2).reshape(b, t, w))
        return x + self.down(F.gelu(self.up(self.after(x))))


class Transformer(nn.Module):
    """As large as GPT-2: 12 blocks of width 768 with 12 heads."""

    def __init__(self, words=50304, width=768, blocks=12, heads=12, length=1024):
        super().__init__()
        self.token, self.place = nn.Embedding(words, width), nn.Embedding(length, width)
        self.blocks = nn.ModuleList([Block(width, heads) for _ in range(blocks)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, words, bias=False)
        self.head.weight = self.token.weight
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02)

    def forward(self, tokens, caches=None, at=None, mask=None):
        places = torch.arange(tokens.shape[1], device=tokens.device) if at is None else at
        x = self.token(tokens) + self.place(places)
        for i, block in enumerate(self.blocks):
            x = block(x, None if caches is None else caches[i], at, mask)
        return self.head(self.norm(x))


class Decode:
    """
    A transformer that decodes, fp16, batch 4. A conversation is 128 tokens, one after the other; the latency is that of a token. Conversations
    come so often that a tenth of the time is theirs, had they the device alone: less than what best effort is to lose.
    """

    kind, burst, part = "latency", 128, 0.1

    def __init__(self, graph):
        self.net = Transformer().half().to(DEVICE).eval()
        self.caches = [torch.zeros(2, 4, 12, 512, 64, device=DEVICE, dtype=torch.half) for _ in range(12)]
        self.tokens = torch.randint(50000, (4, 1), device=DEVICE)
        self.at = torch.zeros(1, device=DEVICE, dtype=torch.long)
        self.range = torch.arange(512, device=DEVICE)
        self.step = graphed(self.once) if graph else self.once

    @torch.no_grad()
    def once(self):
        mask = (self.range <= self.at)[None, None, None, :]
        logits = self.net(self.tokens, self.caches, self.at, mask)
        self.tokens.copy_(logits[:, -1:].argmax(2))
        self.at.add_(1).remainder_(512)

    def results(self):
        return [self.tokens, self.caches[11]]


class MatMul:
    """Products of 8192 x 8192 matrices, fp16."""

    kind = "best-effort"

    def __init__(self, graph):
        n = 8192
        self.a, self.b, self.c = (torch.randn(n, n, device=DEVICE, dtype=torch.half) / 90 for _ in range(3))

    def step(self):
        torch.mm(self.a, self.b, out=self.c)

    def results(self):
        return [self.c]


class Frames(MatMul):
    """Frames of some such products each: so many, and so much of the time had they the device alone."""

    kind, products, part = "frames", 5, 0.4

    def step(self):
        for _ in range(self.products):
            super().step()


class Renders(Frames):
    """Longer ones, less often."""

    products, part = 6, 0.2


class Copies:
    """Copies of 64 MiB from the host, one after the other."""

    kind, bytes = "best-effort", 64 << 20

    def __init__(self, graph):
        self.host = torch.empty(self.bytes, dtype=torch.uint8, pin_memory=True)
        self.y = torch.empty(self.bytes, dtype=torch.uint8, device=DEVICE)

    def step(self):
        self.y.copy_(self.host, non_blocking=True)

    def results(self):
        return [self.y]


class Training:
    """A step of training with AdamW in bf16."""

    kind = "best-effort"

    def prepare(self, net, loss, graph):
        self.net = net
        self.optimizer = torch.optim.AdamW(net.parameters(), lr=1e-4, fused=True, capturable=graph)
        self.value = torch.zeros((), device=DEVICE)

        def once():
            self.optimizer.zero_grad(set_to_none=not graph)
            with torch.autocast("cuda", torch.bfloat16):
                value = loss()
            value.backward()
            self.optimizer.step()
            self.value.copy_(value.detach())

        self.step = graphed(once) if graph else once

    def results(self):
        return [self.value] + list(self.net.parameters())


class ResNet(Training):
    """Training of ResNet-50 on random pictures, batch 64."""

    def __init__(self, graph):
        import torchvision

        net = torchvision.models.resnet50().to(DEVICE).to(memory_format=torch.channels_last)
        x = torch.randn(64, 3, 224, 224, device=DEVICE).to(memory_format=torch.channels_last)
        y = torch.randint(1000, (64,), device=DEVICE)
        self.prepare(net, lambda: F.cross_entropy(net(x), y), graph)


class Gpt(Training):
    """Training of a transformer as large as GPT-2 on random text, batch 8 or --batch, 1024 tokens."""

    batch = 8

    def __init__(self, graph):
        net = Transformer().to(DEVICE)
        x = torch.randint(50000, (self.batch, 1024), device=DEVICE)
        self.prepare(net, lambda: F.cross_entropy(net(x).flatten(0, 1).float(), x.flatten()), graph)


class Small:
    """Kernels that do next to nothing: how fast a process can launch. A step is 100 of them."""

    kind = "best-effort"

    def __init__(self, graph):
        self.x = torch.zeros(1, device=DEVICE)

    def step(self):
        for _ in range(100):
            self.x.add_(1)

    def results(self):
        return [self.x]


ALL = {"layers": Layers, "prompts": Prompts, "decode": Decode, "matmul": MatMul, "frames": Frames, "renders": Renders, "copies": Copies, "resnet": ResNet,
       "gpt": Gpt, "small": Small}


def told_to_stop(seconds=0.0):
    """Waits for a line on standard input; whether there was one, which is taken."""
    if not select.select([sys.stdin], [], [], seconds)[0]:
        return False
    sys.stdin.readline()
    return True


def run_latency(work, seconds, rng):
    burst = work.burst
    period_s = work.alone_s * burst / work.part
    latencies, stamps = [], []
    begin = time.monotonic()
    due = begin
    while due < begin + seconds:
        if told_to_stop(max(0.0, due - time.monotonic())):
            break
        for _ in range(burst):
            start = time.monotonic()
            work.step()
            sync()
            end = time.monotonic()
            latencies.append(round((end - start) * 1e3, 4))
            stamps.append(round(start, 6))
        due += period_s * rng.uniform(0.7, 1.3)
        due = max(due, time.monotonic() - period_s)
    return {"latencies_ms": latencies, "stamps": stamps}


def run_frames(work, seconds, _):
    """What is late does not make others late: a frame whose time is over before it begins is left out, and missed."""
    period_s = work.alone_s / work.part
    latencies, missed = [], 0
    begin = due = time.monotonic()
    while due < begin + seconds:
        if told_to_stop(max(0.0, due - time.monotonic())):
            break
        if time.monotonic() < due + period_s:
            work.step()
            sync()
            latencies.append(round((time.monotonic() - due) * 1e3, 4))
            missed += latencies[-1] > period_s * 1e3
        else:
            missed += 1
        due += period_s
    return {"period_ms": period_s * 1e3, "alone_ms": work.alone_s * 1e3, "latencies_ms": latencies, "missed": missed, "frames": round((due - begin) / period_s)}


def run_steps(work, seconds, _):
    """Steps in flight are bounded, so that those counted were done within the time."""
    ahead = 3
    events = [torch.cuda.Event() for _ in range(ahead)]
    begin = time.monotonic()
    launched = done = 0
    stamps = []
    while True:
        if launched >= ahead:
            events[launched % ahead].synchronize()
            done = launched - ahead + 1
            stamps.append(round(time.monotonic(), 6))
            if time.monotonic() - begin >= seconds or told_to_stop():
                break
        work.step()
        events[launched % ahead].record()
        launched += 1
    took = time.monotonic() - begin
    sync()
    return {"steps": done, "seconds": took, "stamps": stamps[:: max(1, len(stamps) // 2000)]}


def digest(work, steps):
    for _ in range(steps):
        work.step()
    sync()
    h = hashlib.sha256()
    for t in work.results():
        h.update(t.detach().float().cpu().numpy().tobytes())
    return {"digest": h.hexdigest()}


PIECE = 256 << 20


def take_memory(held, limit):
    """Allocates pieces until so many bytes are held, or none is left."""
    free, total = torch.cuda.mem_get_info()
    error = None
    try:
        while len(held) * PIECE < limit:
            held.append(torch.empty(PIECE, dtype=torch.uint8, device=DEVICE))
    except torch.OutOfMemoryError as e:
        error = str(e).split("\n")[0][:300]
    return {"free": free, "total": total, "taken": len(held) * PIECE, "error": error}


def churn(held, times):
    """At the limit: what is given back can be had again, and no more."""
    refused = 0
    for _ in range(times):
        before = len(held)
        held.pop()
        torch.cuda.empty_cache()
        take_memory(held, (before + 1) * PIECE)
        refused += len(held) == before
    return {"taken": len(held) * PIECE, "refused": refused, "times": times}


def drop(held):
    held.clear()
    torch.cuda.empty_cache()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("name", choices=ALL)
    p.add_argument("--graph", action="store_true")
    p.add_argument("--stream", action="store_true", help="work on a stream of its own, not on the default stream")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--deterministic", action="store_true")
    p.add_argument("--batch", type=int, default=Gpt.batch, help="of gpt: how many texts a step trains on")
    p.add_argument("--alone-ms", type=float, help="what a request takes alone, for how often they come; default: measured")
    args = p.parse_args()
    if args.deterministic:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.backends.cudnn.benchmark = False
        # The fast kernels of attention add up gradients in any order, whatever is asked for.
        torch.backends.cuda.enable_flash_sdp(False)
        torch.backends.cuda.enable_mem_efficient_sdp(False)
        torch.backends.cuda.enable_cudnn_sdp(False)
    else:
        torch.backends.cudnn.benchmark = True
    Gpt.batch = args.batch
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    if args.stream:
        torch.cuda.set_stream(torch.cuda.Stream())
    work = ALL[args.name](args.graph)
    if not args.deterministic:
        took = []
        for _ in range(40):
            begin = time.monotonic()
            work.step()
            sync()
            took.append(time.monotonic() - begin)
        work.alone_s = args.alone_ms / 1e3 if args.alone_ms else statistics.median(took)
    sync()
    gc.collect()
    gc.disable()
    torch.set_num_threads(1)
    print("ready", flush=True)
    held = []
    for line in iter(sys.stdin.readline, ""):
        words = line.split()
        if not words or words[0] == "quit":
            break
        if words[0] == "run":
            answer = {"latency": run_latency, "frames": run_frames, "best-effort": run_steps}[work.kind](work, float(words[1]), rng)
        elif words[0] == "digest":
            answer = digest(work, int(words[1]))
        elif words[0] in ("memory", "hold"):
            answer = take_memory(held, int(words[1]))
            if words[0] == "memory":
                drop(held)
        elif words[0] == "churn":
            answer = churn(held, int(words[1]))
        elif words[0] == "drop":
            drop(held)
            answer = {}
        else:
            answer = {"error": "unknown: " + line.strip()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
