package dev.gbpf.host.jit;

/** Which registers a function may still read, before each of its instructions. Time is linear in the instructions. */
final class Liveness {
    /*
     * Backward data flow with a list of work. What lives before an instruction only grows, by at most the number of registers,
     * so that each instruction is looked at a bounded number of times however its jumps lie.
     */
    private final ProgramFunction function;
    private final int[] liveBefore;
    /** Jumps to a position: predecessors[firstPredecessor[p] ... firstPredecessor[p + 1] - 1]. */
    private final int[] firstPredecessor;

    private final int[] predecessors;
    private final int[] work;
    private final boolean[] waits;

    private Liveness(ProgramFunction function) {
        int size = function.size();
        this.function = function;
        this.liveBefore = new int[size];
        this.firstPredecessor = new int[size + 2];
        this.work = new int[size];
        this.waits = new boolean[size];
        for (int p = 0; p < size; p++) {
            if (function.target(p) >= 0) {
                firstPredecessor[function.target(p) + 2]++;
            }
        }
        for (int p = 2; p < firstPredecessor.length; p++) {
            firstPredecessor[p] += firstPredecessor[p - 1];
        }
        this.predecessors = new int[firstPredecessor[size + 1]];
        for (int p = 0; p < size; p++) {
            if (function.target(p) >= 0) {
                predecessors[firstPredecessor[function.target(p) + 1]++] = p;
            }
        }
    }

    /** For each position, the set of registers that live before it; see {@link RegisterUse}. */
    static int[] of(ProgramFunction function) {
        Liveness liveness = new Liveness(function);
        liveness.solve();
        return liveness.liveBefore;
    }

    private void solve() {
        int count = 0;
        for (int p = 0; p < work.length; p++) {
            work[count++] = p;
            waits[p] = true;
        }
        while (count > 0) {
            int p = work[--count];
            waits[p] = false;
            int live = before(p);
            if (live == liveBefore[p]) {
                continue;
            }
            liveBefore[p] = live;
            if (p > 0 && function.fallsThrough(p - 1) && !waits[p - 1]) {
                waits[p - 1] = true;
                work[count++] = p - 1;
            }
            for (int i = firstPredecessor[p]; i < firstPredecessor[p + 1]; i++) {
                int predecessor = predecessors[i];
                if (!waits[predecessor]) {
                    waits[predecessor] = true;
                    work[count++] = predecessor;
                }
            }
        }
    }

    private int before(int p) {
        int after = 0;
        if (function.target(p) >= 0) {
            after |= liveBefore[function.target(p)];
        }
        if (function.fallsThrough(p)) {
            after |= liveBefore[p + 1];
        }
        return (after & ~RegisterUse.writes(function.get(p))) | RegisterUse.reads(function.get(p));
    }
}
