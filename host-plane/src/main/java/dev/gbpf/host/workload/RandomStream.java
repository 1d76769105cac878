package dev.gbpf.host.workload;

import java.nio.charset.StandardCharsets;

/**
 * Random numbers that are the same on every machine: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). Streams derived from one
 * seed by different names are independent, so that a change of one tenant, or of its service times, leaves all others as they
 * were.
 */
final class RandomStream {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private RandomStream(long state) {
        this.state = state;
    }

    /**
     * The stream of a name and a purpose: the seed, mixed with the FNV-1a hashes of both.
     *
     * @param seed the scenario's
     * @param name such as a tenant's
     * @param purpose such as "arrivals"
     */
    static RandomStream derive(long seed, String name, String purpose) {
        return new RandomStream(mix(mix(seed ^ hash(name)) ^ hash(purpose)));
    }

    private static long hash(String text) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return hash;
    }

    /** A bijection of 64 bits in which every output bit depends on every input bit (the finalizer of SplitMix64). */
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Any of 2^64 values. */
    long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** From 0 (included) to 1 (excluded), in steps of 2^-53. */
    double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** From {@code least} to {@code most}, both included; the bias is below {@code (most - least) / 2^64}. */
    long nextLong(long least, long most) {
        return least + Math.unsignedMultiplyHigh(nextLong(), most - least + 1);
    }

    /** Exponential of mean 1, by inversion. */
    double nextExponential() {
        return -StrictMath.log(1.0 - nextDouble());
    }

    /** Normal of mean 0 and variance 1 (Box and Muller, 1958; the second value is not used). */
    double nextGaussian() {
        double radius = StrictMath.sqrt(2.0 * nextExponential());
        return radius * StrictMath.cos(2.0 * StrictMath.PI * nextDouble());
    }
}
