package dev.gbpf.cuda.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.CountersMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.map.SnapshotMap;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What tables do with maps that host and device share, whatever a kernel does: here the test counts in its place. */
class SharedMapTablesTest {
    private static final Duration PATIENCE = Duration.ofMillis(5);
    private static final String SOURCE = """
            policy shared;
            map weights: snapshot<u64>[3];
            map granted: counters<u64>[2];
            hook sm_tick(ctx) { ctx.share = (weights[1] + VERSION) & 7; granted[1] += 1; return REFILL; }
            """;

    private final Arena arena = Arena.ofShared();
    private final FakeChannel channel = new FakeChannel();
    private final TestRegion region = new TestRegion(1 << 20, arena);
    private final PolicyTables tables = new PolicyTables(channel, region);
    private final SnapshotMap weights;
    private final CountersMap granted;

    SharedMapTablesTest() {
        List<MapDefinition> maps = policy(0).maps();
        weights = (SnapshotMap) MapFactory.create(maps.get(0));
        granted = (CountersMap) MapFactory.create(maps.get(1));
    }

    @AfterEach
    void close() {
        weights.close();
        granted.close();
        arena.close();
    }

    private static DevicePolicy policy(int version) {
        return Policies.of(SOURCE.replace("VERSION", Integer.toString(version)));
    }

    private DevicePolicy joined(int version) {
        return policy(version).withShared(List.of(weights, granted));
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
    }

    /** Field of the descriptor of a map in the table that is published. */
    private long described(int map, String field) {
        MemorySegment table = MemorySegment.ofAddress(channel.address).reinterpret(TableEncoder.BYTES);
        long at = TableLayout.TABLE.byteSize()
                + map * TableLayout.MAP.byteSize()
                + TableLayout.offset(TableLayout.MAP, field);
        return field.equals("address") ? table.get(ValueLayout.JAVA_LONG, at) : table.get(ValueLayout.JAVA_INT, at);
    }

    /** Weight 1 as programs of the newest table see it. */
    private long weight() {
        return MemorySegment.ofAddress(described(0, "address")).reinterpret(24).get(ValueLayout.JAVA_LONG, 8);
    }

    private void set(long weight) {
        weights.put(1, bytes(weight), BpfMap.ANY);
        weights.publish();
    }

    /** As a block does. */
    private void count(int block, long amount) {
        long row = described(1, "address") + block * 128L;
        MemorySegment counter = MemorySegment.ofAddress(row).reinterpret(16);
        counter.set(ValueLayout.JAVA_LONG, 8, counter.get(ValueLayout.JAVA_LONG, 8) + amount);
    }

    private long sum(CountersMap map) {
        return ByteBuffer.wrap(map.get(1).orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    @Test
    void snapshot_isInTheTableThatIsPublished_andComesInByTheNextOne() {
        set(5);
        tables.publish(joined(0), PATIENCE);
        long first = described(0, "address");
        assertThat(weight()).isEqualTo(5);
        assertThat(described(0, "read_only")).isEqualTo(1);
        assertThat(described(1, "read_only")).isEqualTo(1);
        assertThat(described(1, "cpus")).isEqualTo(3);
        assertThat(tables.refresh()).isTrue();
        assertThat(channel.epoch).as("nothing is newer").isEqualTo(1);
        set(6);
        assertThat(weight()).isEqualTo(5);
        assertThat(tables.refresh()).isTrue();
        assertThat(channel.epoch).isEqualTo(2);
        assertThat(weight()).isEqualTo(6);
        assertThat(described(0, "address")).isNotEqualTo(first);
        assertThat(MemorySegment.ofAddress(first).reinterpret(24).get(ValueLayout.JAVA_LONG, 8))
                .as("who still uses the table before sees what it saw")
                .isEqualTo(5);
        set(7);
        tables.refresh();
        assertThat(described(0, "address")).isEqualTo(first);
    }

    @Test
    void refresh_whileABlockUsesTheOtherTable_waits() {
        channel.running = true;
        tables.publish(joined(0), PATIENCE);
        set(3);
        assertThat(tables.refresh()).isFalse();
        assertThat(channel.epoch).isEqualTo(1);
        channel.settled = 1;
        assertThat(tables.refresh()).isTrue();
        assertThat(weight()).isEqualTo(3);
        assertThat(channel.epoch).isEqualTo(2);
    }

    @Test
    void refresh_ofAPolicyThatIsOut_leavesItOut() {
        tables.publish(joined(0), PATIENCE);
        channel.ejected = 1;
        set(3);
        assertThat(tables.refresh()).isTrue();
        assertThat(channel.epoch).isEqualTo(1);
        assertThat(tables.isEjected()).isTrue();
        tables.publish(joined(1), PATIENCE);
        assertThat(weight()).isEqualTo(3);
    }

    @Test
    void publicationThatFails_leavesTheCopiesAsTheyWere() {
        set(5);
        tables.publish(joined(0), PATIENCE);
        long first = described(0, "address");
        set(6);
        String large = "map large: array<u64>[200000]; hook therm_tick(ctx) { large[7] = 1; return UNLIMITED; }";
        assertThatThrownBy(() -> tables.publish(
                        Policies.of(SOURCE.replace("VERSION", "2") + large).withShared(List.of(weights, granted)),
                        PATIENCE))
                .isInstanceOf(IllegalStateException.class);
        assertThat(described(0, "address")).isEqualTo(first);
        assertThat(weight()).isEqualTo(5);
        tables.refresh();
        assertThat(weight()).isEqualTo(6);
    }

    @Test
    void versionWithTheSameSchema_keepsBoth_andAnotherPolicyBeginsAnew() {
        set(5);
        tables.publish(joined(0), PATIENCE);
        count(0, 3);
        count(2, 4);
        assertThat(sum(granted)).isEqualTo(7);
        tables.publish(joined(1), PATIENCE);
        count(1, 1);
        assertThat(weight()).isEqualTo(5);
        assertThat(sum(granted)).isEqualTo(8);
        tables.publish(DevicePolicy.FAIR, PATIENCE);
        tables.publish(DevicePolicy.FAIR, PATIENCE);
        assertThat(sum(granted))
                .as("the device's memory is used for something else by now")
                .isEqualTo(8);
        tables.publish(joined(2), PATIENCE);
        assertThat(weight()).isEqualTo(5);
        count(1, 2);
        assertThat(sum(granted)).isEqualTo(10);
        assertThat(tables.array("granted").orElseThrow().number(1)).isEqualTo(2);
    }

    /** Versions that come and go with one of two host's maps or none: what is counted while a map is joined is in that map. */
    @Property(tries = 60)
    void additions_areInTheMapThatWasJoined(@ForAll @Size(max = 40) List<@IntRange(max = 400) Integer> steps) {
        SharedMapTablesTest lab = new SharedMapTablesTest();
        try (CountersMap other = (CountersMap) MapFactory.create(lab.granted.definition())) {
            lab.comeAndGo(steps, List.of(lab.granted, other));
        } finally {
            lab.close();
        }
    }

    private void comeAndGo(List<Integer> steps, List<CountersMap> maps) {
        long[] model = new long[2];
        int joined = -1;
        tables.publish(policy(0), PATIENCE);
        for (int step : steps) {
            switch (step % 6) {
                case 0, 1 -> {
                    if (step % 6 == 1) {
                        tables.publish(DevicePolicy.FAIR, PATIENCE);
                    } else {
                        joined = step / 6 % 3 - 1;
                    }
                    DevicePolicy next = policy(step % 5);
                    tables.publish(joined < 0 ? next : next.withShared(List.of(maps.get(joined))), PATIENCE);
                }
                case 2 -> {
                    if (joined >= 0) {
                        assertThat(sum(maps.get(joined))).isEqualTo(model[joined]);
                    }
                }
                default -> {
                    if (joined >= 0) {
                        count(step % 3, step);
                        model[joined] += step;
                    }
                }
            }
        }
        for (int i = 0; i < 2; i++) {
            assertThat(sum(maps.get(i))).isEqualTo(model[i]);
        }
        tables.release();
        for (int i = 0; i < 2; i++) {
            assertThat(sum(maps.get(i))).isEqualTo(model[i]);
        }
    }

    @Test
    void release_leavesTheSums_andReadsTheDeviceNoMore() {
        tables.publish(joined(0), PATIENCE);
        count(0, 3);
        tables.release();
        count(0, 5);
        assertThat(sum(granted)).isEqualTo(3);
    }

    @Test
    void lostDevice_leavesWhatWasReadLast() {
        tables.publish(joined(0), PATIENCE);
        count(0, 3);
        assertThat(sum(granted)).isEqualTo(3);
        region.lose();
        assertThat(sum(granted)).isEqualTo(3);
        granted.rollUp();
    }

    @Test
    void sharedMaps_areNotSetOnTheDevice_andPoliciesWithSnapshotsAreNotCompiled() {
        tables.publish(joined(0), PATIENCE);
        assertThatThrownBy(() -> tables.array("weights").orElseThrow().put(1, 0, bytes(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map weights: a snapshot map is set by way of the host's map");
        assertThatThrownBy(tables::compile)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the snapshot weights");
        tables.publish(
                Policies.of("policy c; map n: counters<u64>[2]; hook cta_admit(ctx) { n[1] += 1; return START; }"),
                PATIENCE);
        assertThat(tables.compile()).isPresent();
    }

    @Test
    void policyWithoutTheHostsSide_hasZerosAndCountersOfItsOwn() {
        tables.publish(policy(0), PATIENCE);
        assertThat(weight()).isZero();
        count(1, 9);
        assertThat(tables.array("granted").orElseThrow().number(1)).isEqualTo(9);
        assertThat(tables.refresh()).isTrue();
    }
}
