package dev.gbpf.abi;

/**
 * Version of the interface. A plane runs objects of its own major version and of its own or an older minor version.
 *
 * @param major changes when something that policies rely on is taken away or changed
 * @param minor changes when something is added
 */
public record AbiVersion(int major, int minor) {
    /** The version that this build speaks. */
    public static final AbiVersion CURRENT = new AbiVersion(1, 1);

    /** Whether this build can run an object made for {@code object}. */
    public boolean runs(AbiVersion object) {
        return object.major == major && object.minor <= minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
