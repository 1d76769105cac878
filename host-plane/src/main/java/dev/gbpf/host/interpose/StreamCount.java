package dev.gbpf.host.interpose;

/** A count of a stream: the sum of what single threads of the process have counted and of what all others have. */
final class StreamCount {
    private final long lanes;
    private final long shared;

    /**
     * A count that every stream has.
     *
     * @param field of the stream, as in {@code segment.h}
     */
    StreamCount(String field) {
        this.lanes = SegmentLayout.in(SegmentLayout.STREAM, field);
        this.shared = SegmentLayout.in(SegmentLayout.STREAM, "shared_" + field);
    }

    /**
     * What it is now; no later access is moved before this.
     *
     * @param at the stream's offset in the segment
     */
    long read(Segment segment, long at) {
        long sum = segment.getLongAcquire(at + shared);
        for (int lane = 0; lane < SegmentLayout.LANES; lane++) {
            sum += segment.getLongAcquire(at + lanes + (long) lane * Long.BYTES);
        }
        return sum;
    }
}
