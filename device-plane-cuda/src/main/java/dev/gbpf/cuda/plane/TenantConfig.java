package dev.gbpf.cuda.plane;

/**
 * What the host says about a tenant: {@code struct gbpf_tenant_config}.
 *
 * @param weight 1 to 1,000,000
 * @param priority 0 to 1,000
 * @param quotaNs worker time per second and vSlice, ns; {@link #NO_LIMIT}: none
 * @param vslices bit i: vSlice i serves it; at least one of the first 16
 */
public record TenantConfig(int weight, int priority, long quotaNs, int vslices) {
    /** No limit of worker time. */
    public static final long NO_LIMIT = -1;

    /** All vSlices. */
    public static final int ALL_VSLICES = 0xffff;

    private static final int MOST_WEIGHT = 1_000_000;
    private static final int MOST_PRIORITY = 1000;

    public TenantConfig {
        if (weight < 1 || weight > MOST_WEIGHT) {
            throw new IllegalArgumentException("weight=" + weight + ": must be 1 to 1000000");
        }
        if (priority < 0 || priority > MOST_PRIORITY) {
            throw new IllegalArgumentException("priority=" + priority + ": must be 0 to 1000");
        }
        if (quotaNs < NO_LIMIT) {
            throw new IllegalArgumentException("quotaNs=" + quotaNs + ": must be 0 or more, or NO_LIMIT");
        }
        if (vslices <= 0 || (vslices & ~ALL_VSLICES) != 0) {
            throw new IllegalArgumentException(
                    "vslices=0x" + Integer.toHexString(vslices) + ": must name some of the first 16 vSlices");
        }
    }

    /** Weight 1, priority 0, no limit, all vSlices. */
    public static TenantConfig usual() {
        return new TenantConfig(1, 0, NO_LIMIT, ALL_VSLICES);
    }

    /** The same with another weight. */
    public TenantConfig withWeight(int other) {
        return new TenantConfig(other, priority, quotaNs, vslices);
    }

    /** The same with another priority. */
    public TenantConfig withPriority(int other) {
        return new TenantConfig(weight, other, quotaNs, vslices);
    }
}
