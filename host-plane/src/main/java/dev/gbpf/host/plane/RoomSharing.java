package dev.gbpf.host.plane;

/**
 * Whose turn it is to fill a vSlice's room while a canary runs: start-time fair queueing (Goyal, Vin, Cheng: Start-time Fair
 * Queueing, SIGCOMM 1996) between the two sides by device time, so that each gets its share when both have work, and all of
 * the room when the other has none.
 */
final class RoomSharing {
    private static final int WHOLE = 1_000;

    private final int canaryShare;
    private double control;
    private double canary;

    /**
     * Nobody has had anything yet.
     *
     * @param canaryShare the canary's part, 1 to 999 thousandths
     */
    RoomSharing(int canaryShare) {
        this.canaryShare = canaryShare;
    }

    /** Whether the canary is served before the other side, when both have jobs that wait. */
    boolean canaryFirst() {
        return canary < control;
    }

    /** Jobs of a side begin to wait after it had none; what it left unused is not saved up. */
    void backlogged(boolean isCanary) {
        if (isCanary) {
            canary = Math.max(canary, control);
        } else {
            control = Math.max(control, canary);
        }
    }

    /** A side gets device time, ns; negative when it used less than was thought. */
    void charge(boolean isCanary, long ns) {
        if (isCanary) {
            canary += (double) ns * WHOLE / canaryShare;
        } else {
            control += (double) ns * WHOLE / (WHOLE - canaryShare);
        }
    }
}
