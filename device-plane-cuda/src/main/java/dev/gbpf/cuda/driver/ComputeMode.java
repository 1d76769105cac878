package dev.gbpf.cuda.driver;

/** Which processes may have a context on a GPU. The places are the driver's numbers. */
public enum ComputeMode {
    /** Any number of processes. */
    DEFAULT,
    /** One thread of one process; no longer offered by drivers. */
    EXCLUSIVE_THREAD,
    /** None. */
    PROHIBITED,
    /** One process. */
    EXCLUSIVE_PROCESS;

    static ComputeMode of(int number) {
        return number >= 0 && number < values().length ? values()[number] : DEFAULT;
    }
}
