package dev.gbpf.verifier.testkit;

/** Something that an accepted program never does. */
public final class MachineFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MachineFault(String message) {
        super(message);
    }
}
