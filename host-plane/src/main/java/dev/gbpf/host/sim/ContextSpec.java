package dev.gbpf.host.sim;

import dev.gbpf.host.check.Checks;

/**
 * What it takes to have several processes on one device, whose contexts take turns. {@code docs/simulator.md} has the rules in which these
 * figures stand, {@code docs/bench/replay.md} what they were fitted to and how well they predict.
 *
 * @param timesliceNs how long a context runs while another has work, unless its channel group has a timeslice of its own
 * @param switchNs from the end of one context's turn until the next one's work runs
 * @param lingerNs for how long of that the work of the context that leaves still runs
 * @param launchNs from the end of a launch's call until its work can run
 * @param noticeNs from the end of work until the application that waits for it goes on
 * @param queueDepth launches that a context takes before the next call waits for room
 * @param measuringNs how much longer a launch seems than it is when it is measured between two events
 * @param controlNs how long setting the timeslice of a process's channel groups takes
 * @param stopNs from when a process is to stop or to go on until its streams do, at their stop points
 * @param relayNs how often reports of the device are brought to the daemon where the two share no memory; 0 where they do
 * @param copyToDevice the engine that copies from the host
 * @param copyFromDevice the engine that copies to the host
 */
public record ContextSpec(
        long timesliceNs,
        long switchNs,
        long lingerNs,
        long launchNs,
        long noticeNs,
        int queueDepth,
        long measuringNs,
        long controlNs,
        long stopNs,
        long relayNs,
        CopyEngineSpec copyToDevice,
        CopyEngineSpec copyFromDevice) {
    private static final String OWNER = "contexts";

    public ContextSpec {
        Checks.inRange(OWNER, "timesliceNs", timesliceNs, 1, Checks.MAX_TIME_NS);
        Checks.inRange(OWNER, "switchNs", switchNs, 0, Checks.MAX_TIME_NS);
        Checks.inRange(OWNER, "lingerNs", lingerNs, 0, switchNs);
        Checks.inRange(OWNER, "launchNs", launchNs, 0, Checks.MAX_TIME_NS);
        Checks.inRange(OWNER, "noticeNs", noticeNs, 0, Checks.MAX_TIME_NS);
        Checks.inRange(OWNER, "queueDepth", queueDepth, 1, 1 << 20);
        Checks.inRange(OWNER, "measuringNs", measuringNs, 0, Checks.MAX_TIME_NS);
        Checks.inRange(OWNER, "controlNs", controlNs, 0, Checks.MAX_TIME_NS);
        Checks.inRange(OWNER, "stopNs", stopNs, 0, Checks.MAX_TIME_NS);
        Checks.inRange(OWNER, "relayNs", relayNs, 0, Checks.MAX_TIME_NS);
    }

    /** An H200, or an H100, with driver 580. */
    public static ContextSpec h200() {
        DeviceModel model = DeviceModel.h200();
        return new ContextSpec(
                2_030_000,
                200_000,
                40_000,
                2_000,
                4_000,
                1_022,
                1_500,
                600_000,
                50_000,
                1_000_000,
                model.copyH2d(),
                model.copyD2h());
    }
}
