package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import java.util.Arrays;

/** What a plane counted. Written by the plane's thread. */
public final class PlaneStatistics {
    private final long[] decisions = new long[Hook.values().length];
    private long emptyChoices;
    private long insertErrors;
    private long deferrals;
    private long memoryWaits;
    private long inherited;
    private long staleDispatches;
    private long yields;
    private long pacedCopies;
    private long splitCopies;
    private long gangs;
    private long dissolvedGangs;
    private long deadlocks;
    private long duplicateEnds;
    private long duplicateSubmissions;
    private final long[] memory = new long[MemoryEvent.values().length];
    private long duplicateFrees;

    void countDecision(Hook hook) {
        decisions[hook.ordinal()]++;
    }

    void countEmptyChoice() {
        emptyChoices++;
    }

    void countInsertError() {
        insertErrors++;
    }

    void countDeferral() {
        deferrals++;
    }

    void countMemoryWait() {
        memoryWaits++;
    }

    void countInherited() {
        inherited++;
    }

    void countStaleDispatch() {
        staleDispatches++;
    }

    void countYield() {
        yields++;
    }

    void countPacedCopy() {
        pacedCopies++;
    }

    void countSplitCopy() {
        splitCopies++;
    }

    void countGang() {
        gangs++;
    }

    void countDissolvedGang() {
        dissolvedGangs++;
    }

    void countDeadlock() {
        deadlocks++;
    }

    void countMemory(MemoryEvent event) {
        memory[event.ordinal()]++;
    }

    void countDuplicateFree() {
        duplicateFrees++;
    }

    void countDuplicateEnd() {
        duplicateEnds++;
    }

    void countDuplicateSubmission() {
        duplicateSubmissions++;
    }

    /** How often the program of a hook ran, over all policies. */
    public long decisions(Hook hook) {
        return decisions[hook.ordinal()];
    }

    /** How often any program ran. */
    public long decisions() {
        return Arrays.stream(decisions).sum();
    }

    /** Answers of on_dispatch that named a queue which is empty, held or missing. */
    public long emptyChoices() {
        return emptyChoices;
    }

    /** Calls of dsq_insert and dsq_insert_vtime that returned an error. */
    public long insertErrors() {
        return insertErrors;
    }

    /** Deferrals by on_admit. */
    public long deferrals() {
        return deferrals;
    }

    /** Jobs that waited for device memory after the policy had sent them. */
    public long memoryWaits() {
        return memoryWaits;
    }

    /** Jobs that went to the device because a later job of their stream was chosen. */
    public long inherited() {
        return inherited;
    }

    /** Choices of jobs that no longer waited as they did when they were chosen; each was ignored. */
    public long staleDispatches() {
        return staleDispatches;
    }

    /** How often a kernel gave up its place. */
    public long yields() {
        return yields;
    }

    /** Copies that went to the device to move later, or at a rate. */
    public long pacedCopies() {
        return pacedCopies;
    }

    /** Copies that went to the device to move in pieces, as fast as they can. */
    public long splitCopies() {
        return splitCopies;
    }

    /** Collective operations whose ranks started in one instant. */
    public long gangs() {
        return gangs;
    }

    /** Collective operations whose ranks stopped waiting for each other, since some did not come in time. */
    public long dissolvedGangs() {
        return dissolvedGangs;
    }

    /** How often the device found that collective operations wait for each other's places. */
    public long deadlocks() {
        return deadlocks;
    }

    /** How often something happened to an allocation. */
    public long memory(MemoryEvent event) {
        return memory[event.ordinal()];
    }

    /** Allocations that were given back although they were gone; each was ignored. */
    public long duplicateFrees() {
        return duplicateFrees;
    }

    /** Ends of jobs that the device did not hold; each was ignored. */
    public long duplicateEnds() {
        return duplicateEnds;
    }

    /** Jobs that were submitted before; each was ignored. */
    public long duplicateSubmissions() {
        return duplicateSubmissions;
    }
}
