package dev.gbpf.host.queue;

import java.util.Objects;

/**
 * Whose part of a collective operation a job does.
 *
 * @param operation the operation
 * @param rank from 0
 */
public record CollectiveRank(Collective operation, int rank) {
    public CollectiveRank {
        Objects.checkIndex(rank, operation.ranks());
    }
}
