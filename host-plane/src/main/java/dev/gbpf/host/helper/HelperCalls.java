package dev.gbpf.host.helper;

/** Where an engine takes the calls of a program to. */
@FunctionalInterface
public interface HelperCalls {
    /**
     * Calls a helper. Arguments that the helper does not have are ignored.
     *
     * @param helper its number
     * @param r1 first argument
     * @param services the plane that asked the program
     * @return what the program finds in {@code r0}
     * @throws IllegalArgumentException when there is no such helper, which the verifier excludes
     */
    long call(int helper, long r1, long r2, long r3, long r4, long r5, PlaneServices services);
}
