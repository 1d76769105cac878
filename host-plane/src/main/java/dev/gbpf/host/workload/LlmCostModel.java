package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;

/**
 * What the requests of a language model cost on a device, by the roofline: the prefill is bound by arithmetic, decoding by
 * memory bandwidth. With context length c and length of the KV cache k, in tokens:
 *
 * <pre>
 * prefill(c)  = c * flopsPerToken / (flopsPerSecond * flopsEfficiency)
 * decode base = weightBytes       / (bytesPerSecond * bandwidthEfficiency)     once for each batch
 * decode(k)   = k * kvBytesPerToken / (bytesPerSecond * bandwidthEfficiency)   for each member
 * </pre>
 *
 * @param name for people
 * @param weightBytes the model's weights, bytes
 * @param kvBytesPerToken KV cache of one token, bytes
 * @param flopsPerToken arithmetic of one token's prefill, about twice the parameters
 * @param flopsPerSecond the device's peak in the model's number format
 * @param flopsEfficiencyThousandths part of it that a prefill reaches
 * @param bytesPerSecond the device's peak memory bandwidth
 * @param bandwidthEfficiencyThousandths part of it that decoding reaches
 */
public record LlmCostModel(
        String name,
        long weightBytes,
        long kvBytesPerToken,
        long flopsPerToken,
        long flopsPerSecond,
        long flopsEfficiencyThousandths,
        long bytesPerSecond,
        long bandwidthEfficiencyThousandths) {
    /** Peak of an H200 in bf16 without sparsity, from its data sheet. */
    public static final long H200_BF16_FLOPS = 989_000_000_000_000L;

    /** Peak of an H200 in fp8 without sparsity, from its data sheet. */
    public static final long H200_FP8_FLOPS = 1_979_000_000_000_000L;

    /** Peak memory bandwidth of an H200, from its data sheet. */
    public static final long H200_BYTES_PER_SECOND = 4_800_000_000_000L;

    public LlmCostModel {
        String owner = "model " + name;
        Checks.inRange(owner, "weightBytes", weightBytes, 1, 1L << 45);
        Checks.inRange(owner, "kvBytesPerToken", kvBytesPerToken, 1, 1L << 30);
        Checks.inRange(owner, "flopsPerToken", flopsPerToken, 1, 1L << 50);
        Checks.inRange(owner, "flopsPerSecond", flopsPerSecond, 1, 1L << 60);
        Checks.inRange(owner, "flopsEfficiencyThousandths", flopsEfficiencyThousandths, 1, 1000);
        Checks.inRange(owner, "bytesPerSecond", bytesPerSecond, 1, 1L << 50);
        Checks.inRange(owner, "bandwidthEfficiencyThousandths", bandwidthEfficiencyThousandths, 1, 1000);
    }

    /** 8 billion parameters in bf16 with grouped-query attention (32 layers, 8 KV heads of 128), on an H200. */
    public static LlmCostModel h200Dense8b() {
        return onH200("dense-8b", 16_060_000_000L, 131_072, 16_060_000_000L, H200_BF16_FLOPS);
    }

    /** 13 billion parameters in bf16 with full attention (40 layers, 40 heads of 128), on an H200. */
    public static LlmCostModel h200Dense13b() {
        return onH200("dense-13b", 26_030_000_000L, 819_200, 26_030_000_000L, H200_BF16_FLOPS);
    }

    /** 70 billion parameters in fp8 with grouped-query attention (80 layers, 8 KV heads of 128, KV in fp8), on an H200. */
    public static LlmCostModel h200Dense70bFp8() {
        return onH200("dense-70b-fp8", 70_600_000_000L, 163_840, 141_200_000_000L, H200_FP8_FLOPS);
    }

    private static LlmCostModel onH200(String name, long weights, long kv, long flops, long peak) {
        return new LlmCostModel(name, weights, kv, flops, peak, 450, H200_BYTES_PER_SECOND, 800);
    }

    /** Device time of a prefill alone, ns, at least 1. */
    public long prefillNs(long contextTokens) {
        double reached = (double) flopsPerSecond * ((double) flopsEfficiencyThousandths / 1000.0);
        return wholeNs((double) contextTokens * (double) flopsPerToken / reached);
    }

    /** What a member adds to a decode batch, ns, at least 1. */
    public long decodeNs(long kvTokens) {
        return readNs((double) kvTokens * (double) kvBytesPerToken);
    }

    /** What a decode batch takes whatever its size, ns, at least 1. */
    public long decodeBaseNs() {
        return readNs((double) weightBytes);
    }

    /** Device memory of a KV cache, bytes. */
    public long kvBytes(long tokens) {
        return Math.multiplyExact(tokens, kvBytesPerToken);
    }

    private long readNs(double bytes) {
        double reached = (double) bytesPerSecond * ((double) bandwidthEfficiencyThousandths / 1000.0);
        return wholeNs(bytes / reached);
    }

    private static long wholeNs(double seconds) {
        return Math.max(1, (long) Math.ceil(seconds * 1e9));
    }
}
