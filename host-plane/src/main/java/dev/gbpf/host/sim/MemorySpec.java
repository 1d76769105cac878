package dev.gbpf.host.sim;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.allocation.PageSize;
import dev.gbpf.host.check.Checks;
import java.util.List;

/**
 * How the device's memory is divided, and what its pages and compression cost. {@code docs/simulator.md} gives the formulas.
 *
 * @param pools the pools from number 1 on; pool 0 has the rest, and jobs take their memory from it
 * @param mapNs time to map one page, ns
 * @param tlbEntries pages that can be reached without a walk of the page tables
 * @param missThousandths how much longer a kernel takes that reads at random, when each access misses
 * @param walkThousandths how much longer one takes that reads from end to end, in pages of 4 KiB
 * @param compressBytesPerSecond how fast contents are compressed
 * @param inflateThousandths how much longer a kernel takes whose allocation is compressed
 */
public record MemorySpec(
        List<PoolSpec> pools,
        long mapNs,
        int tlbEntries,
        int missThousandths,
        int walkThousandths,
        long compressBytesPerSecond,
        int inflateThousandths) {
    /** One pool, and costs that are assumptions: no device's data sheet says them. */
    public static final MemorySpec DEFAULT = new MemorySpec(List.of(), 50, 16_384, 1_500, 100, 400_000_000_000L, 150);

    private static final double NS_PER_SECOND = 1e9;

    public MemorySpec {
        pools = List.copyOf(pools);
        String owner = "device memory";
        Checks.inRange(owner, "pools", pools.size(), 0, Constants.MAX_POOLS - 1);
        if (pools.stream().map(PoolSpec::name).distinct().count() != pools.size()) {
            throw new IllegalArgumentException(owner + ": two of its pools have one name");
        }
        Checks.inRange(owner, "mapNs", mapNs, 0, 1_000_000);
        Checks.inRange(owner, "tlbEntries", tlbEntries, 1, 1 << 24);
        Checks.inRange(owner, "missThousandths", missThousandths, 0, 100_000);
        Checks.inRange(owner, "walkThousandths", walkThousandths, 0, 100_000);
        Checks.inRange(owner, "compressBytesPerSecond", compressBytesPerSecond, 1, 1L << 50);
        Checks.inRange(owner, "inflateThousandths", inflateThousandths, 0, 100_000);
    }

    /** The same, divided into these pools. */
    public MemorySpec withPools(List<PoolSpec> newPools) {
        return new MemorySpec(
                newPools,
                mapNs,
                tlbEntries,
                missThousandths,
                walkThousandths,
                compressBytesPerSecond,
                inflateThousandths);
    }

    /** Bytes of all pools but the first. */
    public long givenBytes() {
        return pools.stream().mapToLong(PoolSpec::bytes).sum();
    }

    /** Time to map all pages of an allocation, ns. */
    long mappingNs(AllocationSpec spec, PageSize pages, boolean compressed) {
        return pages.pages(spec.content(compressed)) * mapNs;
    }

    /** Time to compress an allocation, ns. */
    long compressingNs(AllocationSpec spec) {
        return Math.round(spec.bytes() * NS_PER_SECOND / compressBytesPerSecond);
    }

    /** How long a kernel takes whose data is an allocation, in thousandths of what it takes without misses. */
    long kernelThousandths(AllocationSpec spec, PageSize pages, boolean compressed) {
        long time = 1000L + (compressed ? inflateThousandths : 0);
        if (!spec.random()) {
            return time + walkThousandths * PageSize.KIB_4.bytes() / pages.bytes();
        }
        double reached = (double) tlbEntries * pages.bytes() / spec.bytes();
        return reached >= 1 ? time : time + Math.round(missThousandths * (1 - reached));
    }
}
