package dev.gbpf.verifier.cfg;

/**
 * A tree that grows by leaves and answers nearest common ancestors in logarithmic time, with one jump pointer per node
 * (E. W. Myers, "An applicative random-access stack", 1983).
 */
final class DominatorTree {
    private final int[] parent;
    private final int[] depth;
    private final int[] jump;

    /** The tree of the root, block 0, with room for {@code size} blocks. */
    DominatorTree(int size) {
        this.parent = new int[size];
        this.depth = new int[size];
        this.jump = new int[size];
        parent[0] = -1;
    }

    void add(int block, int under) {
        parent[block] = under;
        depth[block] = depth[under] + 1;
        int farther = jump[under];
        boolean equalSteps = depth[under] - depth[farther] == depth[farther] - depth[jump[farther]];
        jump[block] = equalSteps ? jump[farther] : under;
    }

    int parent(int block) {
        return parent[block];
    }

    int commonAncestor(int a, int b) {
        int low = depth[a] >= depth[b] ? a : b;
        int high = low == a ? b : a;
        while (depth[low] > depth[high]) {
            low = depth[jump[low]] >= depth[high] ? jump[low] : parent[low];
        }
        while (low != high) {
            if (jump[low] == jump[high]) {
                low = parent[low];
                high = parent[high];
            } else {
                low = jump[low];
                high = jump[high];
            }
        }
        return low;
    }
}
