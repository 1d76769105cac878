package dev.gbpf.host.allocation;

import dev.gbpf.abi.Constants;

/** How often an allocation will be used, as far as its tenant knows. */
public enum Access {
    /** Again and again. */
    HOT(Constants.MEM_HOT),
    /** Now and then, or nobody knows. */
    WARM(Constants.MEM_WARM),
    /** Rarely. */
    COLD(Constants.MEM_COLD);

    private final long number;

    Access(long number) {
        this.number = number;
    }

    /** The value of {@code ctx.access}. */
    public int number() {
        return (int) number;
    }
}
