package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.table.DevicePolicy;
import dev.gbpf.cuda.table.LogEntry;
import dev.gbpf.cuda.table.Policies;
import dev.gbpf.cuda.table.PolicyTables;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.CountersMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.map.SnapshotMap;
import dev.gbpf.object.MapDefinition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs under the kernel on the CPU build read snapshots that the host changes, and count into counters that it sums. */
class RuntimeSharedMapTest {
    private static final Duration PATIENCE = TestPlane.PATIENCE;
    private static final int CHANGES = 150;

    /** All numbers of both snapshots are the same at any moment; whoever sees others counts it. */
    private static final String READER = """
            policy reader;
            struct Triple { a: u64, b: u64, c: u64 }
            struct Count { runs: u64, tags: u64, torn: u64 }
            map config: snapshot<Triple>[40];
            map second: snapshot<u64>[3];
            map seen: counters<Count>[2];
            hook cta_admit(ctx) {
                let first = config[0].a;
                log(VERSION, first);
                seen[ctx.tenant & 1].runs += 1;
                seen[ctx.tenant & 1].tags += ctx.tag;
                if config[39].c != first || config[17].b != first || second[2] != first || config[0].c != first {
                    seen[ctx.tenant & 1].torn += 1;
                }
                return START;
            }
            hook sm_tick(ctx) {
                ctx.share = 1 + (config[3].b & 3);
                return REFILL;
            }
            """;

    private static Path tasks;

    private final DevicePolicy[] versions = {reader(1), reader(2)};
    private final SnapshotMap config = (SnapshotMap) map("config");
    private final SnapshotMap second = (SnapshotMap) map("second");
    private final CountersMap seen = (CountersMap) map("seen");

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException, InterruptedException {
        tasks = TestTasks.compile(folder);
    }

    @AfterEach
    void close() {
        config.close();
        second.close();
        seen.close();
    }

    private static DevicePolicy reader(int version) {
        return Policies.of(READER.replace("VERSION", Integer.toString(version)));
    }

    private BpfMap map(String name) {
        MapDefinition definition = versions[0].maps().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
        return MapFactory.create(definition);
    }

    private DevicePolicy version(int number) {
        return versions[number % 2].withShared(List.of(config, second, seen));
    }

    /** Sets all numbers of both snapshots, value by value. */
    private void set(long number) {
        ByteBuffer triple = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        triple.putLong(number).putLong(number).putLong(number);
        for (int i = 0; i < 40; i++) {
            config.put(i, triple.array(), BpfMap.ANY);
        }
        for (int i = 0; i < 3; i++) {
            second.put(i, Arrays.copyOf(triple.array(), 8), BpfMap.ANY);
        }
    }

    private long counted(int tenant, int field) {
        return ByteBuffer.wrap(seen.get(tenant).orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(8 * field);
    }

    @Test
    void programs_seeOneCopyFromBeginningToEnd_andEachRunIsCountedOnce() {
        long[] fed = new long[2];
        long[] tags = new long[2];
        Set<Long> seenNumbers = new HashSet<>();
        try (TestPlane plane = TestPlane.open(tasks)) {
            PolicyTables policies = plane.runtime.policies();
            policies.publish(version(0), PATIENCE);
            plane.runtime.start(TestPlane.LAUNCH);
            int next = 0;
            for (int change = 1; change <= CHANGES; change++) {
                set(change);
                config.publish();
                second.publish();
                RuntimePolicyTest.awaitTrue(policies::refresh);
                if (change % 40 == 0) {
                    policies.publish(version(change / 40), PATIENCE);
                }
                for (int i = 0; i < 40; i++) {
                    int tenant = next & 1;
                    CompactTaskRing ring = plane.runtime.compactRing(tenant);
                    long tag = next;
                    RuntimePolicyTest.awaitTrue(() -> ring.offer(plane.head("mark", TaskFlags.WARP), 1, tag));
                    fed[tenant]++;
                    tags[tenant] += next++;
                }
                policies.log().stream().map(LogEntry::value).forEach(seenNumbers::add);
                assertThat(counted(0, 0)).isBetween(0L, fed[0]);
            }
            assertThat(policies.awaitSettled(PATIENCE)).isTrue();
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(fed[0] + fed[1]);
            assertThat(policies.faults()).isZero();
            assertThat(policies.log().stream().map(LogEntry::tag).collect(Collectors.toSet()))
                    .isSubsetOf(1L, 2L);
        }
        // The runtime is closed, and its memory gone.
        for (int tenant = 0; tenant < 2; tenant++) {
            assertThat(counted(tenant, 0)).as("runs").isEqualTo(fed[tenant]);
            assertThat(counted(tenant, 1)).as("tags").isEqualTo(tags[tenant]);
            assertThat(counted(tenant, 2)).as("mixtures").isZero();
        }
        assertThat(seenNumbers).as("copies that came in while it ran").hasSizeGreaterThan(10);
    }
}
