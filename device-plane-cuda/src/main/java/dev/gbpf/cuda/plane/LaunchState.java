package dev.gbpf.cuda.plane;

/** What the kernel says of its launch, in the order of {@code GBPF_STATE_...}. */
public enum LaunchState {
    /** It has not begun yet. */
    FORMATTED,
    RUNNING,
    /** It left as the host asked; what waited stays for the next launch. */
    LEFT,
    /** It left as the host asked, and nothing waits. */
    DRAINED,
    /** Its deadline came. */
    DEADLINE;

    static LaunchState of(int number) {
        LaunchState[] all = values();
        if (number < 0 || number >= all.length) {
            throw new IllegalStateException(
                    "state=" + number + " is none that the kernel has: its memory was overwritten");
        }
        return all[number];
    }
}
