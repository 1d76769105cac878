package dev.gbpf.host.recording;

/**
 * One thing that an application did, or that was seen of its streams. Times are multiples of {@value #TICK_NS} ns.
 *
 * @param endNs when it was done: the driver had returned, or launches were seen to be over; since the recording began
 * @param callNs how long the driver took; of a wait, how long it waited
 * @param heldNs how long the gate or the pace held the call before
 * @param stream the stream's place in its process, 0 to {@value #ALL_STREAMS}, which stands for all of a context; 0 where there is none
 * @param number of work: its number among its stream's, which count from 1 when the stream takes its place; of a wait and of what is
 *     over: up to which; 32 bits, without a sign
 * @param function index into the application's functions; 0 for what is no launch
 * @param bytes of copies, sets, allocations and frees; else 0
 */
public record RecordedEvent(
        EventKind kind, long endNs, long callNs, long heldNs, int stream, long number, int function, long bytes) {
    /** Resolution of times. */
    public static final long TICK_NS = 100;

    /** In the place of a stream: the application waited for all. */
    public static final int ALL_STREAMS = 64;

    static final long MOST_NUMBER = 0xffff_ffffL;

    /** When the application began the call: what it did before was its own time. */
    public long beginNs() {
        return Math.max(0, endNs - callNs - heldNs);
    }
}
