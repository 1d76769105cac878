package dev.gbpf.cuda.table;

/** The words by which host and control kernel agree on the table that decides. Any thread may use it. */
public interface TableChannel {
    /** Blocks of the plane, the control block counted. */
    int blocks();

    /** Tells the kernel of a table, whichever launch of it sees that first: the address is written before the epoch. */
    void publish(long address, long epoch);

    /** The epoch of the table that the control block has; 0 for none. */
    long adopted();

    /** The last epoch that all blocks have come to: nobody uses a table before it. */
    long settled();

    /** The last epoch whose policy was ejected; 0 for none. */
    long ejected();

    /** How many runs of programs faulted. */
    long faults();

    /** Asks for a change of a map; the address is written before the number. */
    void change(long address, long number);

    /** The number of the last change that was done; 0 for none. */
    long changed();

    /** What its helper answered. */
    long answer();

    /** Whether a kernel runs, or may begin to without being asked; one that has just ended counts until it cannot read any more. */
    boolean isRunning();
}
