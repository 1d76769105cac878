package dev.gbpf.lang.codegen;

/**
 * How a loop ends.
 *
 * @param limit what the counted register is compared with
 * @param countsRounds whether a register of its own counts iterations; else the counter itself is compared
 * @param comparesEnd whether the counter must be compared with the range's end as well
 */
record LoopBound(long limit, boolean countsRounds, boolean comparesEnd) {

    /**
     * The way to end a loop from {@code start} to {@code end}.
     *
     * @param most greatest number of iterations, or -1 when {@code end} is a constant and bound enough
     */
    static LoopBound of(Source start, Source end, long most) {
        if (end instanceof Source.Imm(long last) && most < 0) {
            return new LoopBound(last, false, false);
        }
        if (!(start instanceof Source.Imm(long first))) {
            return new LoopBound(most, true, true);
        }
        long limit = first + most;
        return end instanceof Source.Imm(long last)
                ? new LoopBound(Math.min(last, limit), false, false)
                : new LoopBound(limit, false, true);
    }
}
