package dev.gbpf.host.recording;

import java.util.Optional;

/** What an event of a recording is. The numbers are those of {@code enum gbpf_event_kind} in {@code segment.h}, and of the file. */
public enum EventKind {
    KERNEL(1),
    GRAPH(2),
    COPY_TO_DEVICE(3),
    COPY_FROM_DEVICE(4),
    COPY_ON_DEVICE(5),
    SET(6),
    ALLOC(7),
    FREE(8),
    /** The application waited for launches of a stream up to a number, or for all. */
    WAIT(9),
    /** A kernel of a collective operation. */
    COLLECTIVE(10),
    /** The daemon saw that launches of a stream up to a number are over; the application did nothing. */
    OVER(11);

    /** The greatest number. */
    static final int MOST = 11;

    private static final EventKind[] KINDS = new EventKind[MOST + 1];

    static {
        for (EventKind kind : values()) {
            KINDS[kind.number] = kind;
        }
    }

    private final int number;

    EventKind(int number) {
        this.number = number;
    }

    /** The number in segments and files. */
    public int number() {
        return number;
    }

    /** The kind of a number. */
    public static Optional<EventKind> of(int number) {
        return number < 1 || number > MOST ? Optional.empty() : Optional.of(KINDS[number]);
    }

    /** Whether it runs a function or a graph on the SMs. */
    public boolean isLaunch() {
        return this == KERNEL || this == GRAPH || this == COLLECTIVE;
    }

    /** Whether it brings work to a stream. */
    public boolean isWork() {
        return isLaunch() || isCopy() || this == SET;
    }

    /** Whether it moves bytes. */
    public boolean isCopy() {
        return this == COPY_TO_DEVICE || this == COPY_FROM_DEVICE || this == COPY_ON_DEVICE;
    }

    /** Whether it says how many bytes. */
    boolean hasBytes() {
        return isCopy() || this == SET || this == ALLOC || this == FREE;
    }

    /** Whether it is about launches of a stream. */
    boolean hasStream() {
        return this != ALLOC && this != FREE;
    }
}
