package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.allocation.PageSize;
import dev.gbpf.host.law.HookLaws;
import dev.gbpf.host.law.HookSession;
import dev.gbpf.host.plane.MemoryEvent;
import dev.gbpf.host.queue.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** page_size: pages grow with what they hold, are as great as less than an eighth of waste allows, and smaller for what is cold. */
class PageSizeLawTest {
    private static long pages(HookSession session, long bytes, int access, int flags) {
        Map<String, Long> fields = Map.of("bytes", bytes, "access", (long) access, "flags", (long) flags);
        HookLaws.idempotent(session, Hook.ON_MEM_ALLOC, fields);
        return Objects.requireNonNull(HookLaws.verdict(session, Hook.ON_MEM_ALLOC, fields, verdict -> verdict == 0)
                .context()
                .get("page_size"));
    }

    @Property(tries = 500)
    void pages_areAsGreatAsTheirWasteAllows(
            @ForAll @LongRange(min = 1, max = 1L << 40) long bytes,
            @ForAll @LongRange(min = 0, max = 1L << 30) long more,
            @ForAll @IntRange(max = 2) int access,
            @ForAll @IntRange(max = 15) int flags) {
        try (HookSession session = Library.policy("page_size").session()) {
            long page = pages(session, bytes, access, flags);
            long waste = (bytes + page - 1) / page * page - bytes;
            boolean cold = access == Constants.MEM_COLD && (flags & Constants.MEM_RANDOM) == 0;
            assertThat(page).isIn(Constants.PAGE_4K, Constants.PAGE_64K, Constants.PAGE_2M);
            if (page != Constants.PAGE_4K) {
                assertThat(waste * 8).as("waste").isLessThan(bytes);
            }
            if (cold) {
                assertThat(page).as("pages of what is cold").isLessThan(Constants.PAGE_2M);
            } else if (bytes >= 8 * Constants.PAGE_2M) {
                assertThat(page).isEqualTo(Constants.PAGE_2M);
            }
            if (bytes >= 8 * Constants.PAGE_64K) {
                assertThat(page).isGreaterThanOrEqualTo(Constants.PAGE_64K);
            }
            assertThat(pages(session, bytes + more, access, flags))
                    .as("pages of more")
                    .isGreaterThanOrEqualTo(page);
        }
    }

    @Property(tries = 10)
    void allocations_haveTheChosenPages_andTakeWholeOnes(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Tenant> tenants = MemoryBench.tenants(random, 3);
        Library.policy("page_size")
                .memorySimulation(MemoryBench.device(), tenants)
                .run(MemoryBench.clients(random, tenants, 3), (event, allocation, live, now) -> {
                    if (event == MemoryEvent.PLACED) {
                        AllocationSpec spec = allocation.spec();
                        assertThat(allocation.footprint() % allocation.pages().bytes())
                                .isZero();
                        assertThat(allocation.footprint() - spec.bytes())
                                .isBetween(0L, allocation.pages().bytes() - 1);
                        if (spec.bytes() < 8 * PageSize.KIB_64.bytes()) {
                            assertThat(allocation.pages()).isEqualTo(PageSize.KIB_4);
                        }
                    }
                });
    }
}
