package dev.gbpf.lang.codegen;

/**
 * How a loop ends.
 *
 * @param limit what the counted register is compared with
 * @param countsRounds whether a register of its own counts iterations; else the counter itself is compared
 * @param comparesLimit whether the counted register must be compared with the limit
 * @param comparesEnd whether the counter must be compared with the range's end
 */
record LoopBound(long limit, boolean countsRounds, boolean comparesLimit, boolean comparesEnd) {

    /**
     * The way to end a loop from {@code start} to {@code end}.
     *
     * @param starts what the start may be
     * @param ends what the end may be
     * @param most greatest number of iterations, or -1 when {@code end} is a constant and bound enough
     */
    static LoopBound of(Source start, UnsignedRange starts, Source end, UnsignedRange ends, long most) {
        if (end instanceof Source.Imm(long last) && most < 0) {
            return new LoopBound(last, false, true, false);
        }
        boolean endIsEnough = Long.compareUnsigned(ends.max(), starts.min() + most) <= 0
                && Long.compareUnsigned(starts.min() + most, most) >= 0;
        if (end instanceof Source.Reg && endIsEnough) {
            return new LoopBound(ends.max(), false, false, true);
        }
        if (!(start instanceof Source.Imm(long first))) {
            return new LoopBound(most, true, true, true);
        }
        long limit = first + most;
        return end instanceof Source.Imm(long last)
                ? new LoopBound(Math.min(last, limit), false, true, false)
                : new LoopBound(limit, false, true, true);
    }
}
