package dev.gbpf.cuda.plane;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Where a plane lives and runs: its memory, the functions of its tasks, and launches of the kernel. It has one plane. Opening one
 * reserves the device; closing it gives everything back.
 */
public sealed interface Backend extends AutoCloseable permits CpuBackend, GpuBackend {
    /** What it is, for messages. */
    String name();

    /** Worker blocks that it takes without being asked for a number. */
    int usualWorkers();

    /** Warps of a block likewise. */
    int usualWarps();

    /** Period of ticks likewise. */
    Duration usualTick();

    /** The functions of tasks. */
    TaskFunctions functions();

    /** Whether threads that wait for the device should spin: it answers within microseconds, and has processors of its own. */
    boolean answersAtOnce();

    /** Refuses parameters that it cannot run, before anything is allocated. */
    void check(PlaneParams params);

    /** Where the device finds the table of functions: 8 bytes for each, at least one. */
    long functionsAddress();

    /** Zeroed memory of host and device; once, before the first launch. */
    HostMemory hostMemory(long bytes);

    /**
     * Makes the plane.
     *
     * @param params its {@code struct gbpf_params}, in memory of {@link #hostMemory}
     */
    void format(PlaneParams plane, MemorySegment params);

    /** How policies become machine code; empty where they do not. */
    Optional<CodeLoader> codeLoader();

    /** Does for nothing what {@link #launch} does, while a launch is under way too. */
    void rehearseLaunch();

    /**
     * Starts a launch that ends at the latest after so many ns; launches count from 1.
     *
     * @param table by which its tasks are decided from the first one on
     */
    void launch(long durationNs, int number, TablePlace table);

    /**
     * Waits until the launch is over; from one thread at a time.
     *
     * @param said whether the kernel said that it ends
     * @param soon whether it will do so at any moment, and tasks wait for the next launch; asked again and again by the thread that waits, which
     *     may get ready in it
     */
    void awaitEnd(BooleanSupplier said, BooleanSupplier soon);

    /** The plane's memory. */
    DeviceBuffer plane();

    /** More zeroed memory of the device, while no kernel runs. */
    DeviceBuffer buffer(long bytes);

    /**
     * A variable of task functions, while no kernel runs.
     *
     * @throws IllegalArgumentException when there is none of that name and size
     */
    DeviceBuffer variable(String name, long bytes);

    /** Gives everything back. No launch may be under way. */
    @Override
    void close();
}
