package dev.gbpf.abi;

/**
 * How a control kernel runs the programs of a hook, and what the verifier demands of them for it. The reasons are in
 * {@code docs/bench/device-rules.md}.
 *
 * @param lanes what the lanes of a warp do
 * @param uniformFlow whether all lanes of a warp must take the same way at each branch; with {@link LaneModel#ONE_RUN} they
 *     always do
 * @param wideDivision whether 64-bit division and remainder may have operands that 32 bits do not hold
 * @param stackBytes of all frames that are live at once, at most
 */
public record DeviceProfile(LaneModel lanes, boolean uniformFlow, boolean wideDivision, int stackBytes) {
    private static final int STACK = 512;

    /** Between two tasks: once for the warp, and quickly. */
    static final DeviceProfile ONCE = new DeviceProfile(LaneModel.ONE_RUN, true, false, STACK);
    /** At a tick, a tenant or vSlice in each lane; lanes that part cost time, which a small budget bounds. */
    static final DeviceProfile TICK = new DeviceProfile(LaneModel.RUN_PER_LANE, false, true, STACK);
    /** At a tick, with a budget that only lanes which stay together can keep to. */
    static final DeviceProfile UNIFORM_TICK = new DeviceProfile(LaneModel.RUN_PER_LANE, true, true, STACK);

    /** Whether some value of a program may differ between the lanes of a warp. */
    public boolean perLane() {
        return lanes == LaneModel.RUN_PER_LANE;
    }
}
