package dev.gbpf.abi;

/**
 * Version of the interface. A plane runs objects of its own major version and of its own or an older minor version.
 *
 * @param major changes when something that policies rely on is taken away or changed
 * @param minor changes when something is added
 */
public record AbiVersion(int major, int minor) {
    /** The version that this build speaks. */
    public static final AbiVersion CURRENT = new AbiVersion(1, 10);

    /** Whether this build can run an object made for {@code object}. */
    public boolean runs(AbiVersion object) {
        return object.major == major && object.minor <= minor;
    }

    /** What this build says to an object made for {@code object}, which it does not run. */
    public String refusal(AbiVersion object) {
        return "the object was compiled for interface " + object + ", this build runs " + major + ".0 to " + this;
    }

    /** How to get an object made for {@code object} to run. */
    public static String remedy(AbiVersion object) {
        return "use a gbpf that speaks " + object + ", or compile the policy with this one";
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
