package dev.gbpf.cuda.table;

/** How the programs of a policy run on a device. */
public enum Tier {
    /** By the kernel's interpreter, from the moment they are published. */
    INTERPRETED,
    /** As machine code. */
    COMPILED
}
