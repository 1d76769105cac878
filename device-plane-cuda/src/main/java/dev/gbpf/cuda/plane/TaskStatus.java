package dev.gbpf.cuda.plane;

/** How a task ended, in the order of {@code layout.h}. */
public enum TaskStatus {
    DONE,
    /** Its function said so. */
    FAILED,
    /** There is no function of its number. */
    NO_FUNCTION,
    /** There was no room for it. */
    NO_DESCRIPTOR;

    /** By its number. */
    public static TaskStatus of(int number) {
        TaskStatus[] all = values();
        if (number < 0 || number >= all.length) {
            throw new IllegalArgumentException("status=" + number + ": must be 0 to " + (all.length - 1));
        }
        return all[number];
    }
}
