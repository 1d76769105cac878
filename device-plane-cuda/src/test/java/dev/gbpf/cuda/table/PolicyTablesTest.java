package dev.gbpf.cuda.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.cuda.vm.MicroOps;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the host does with tables, whatever a kernel does: here there is none. */
class PolicyTablesTest {
    private static final Duration PATIENCE = Duration.ofMillis(5);
    private static final String COUNTER = """
            policy counter;
            map hits: array<u64>[4];
            map own: percpu_array<u64>[2];
            hook cta_admit(ctx) { hits[ctx.tenant & 3] += VERSION; own[0] += 1; return START; }
            """;

    private final Arena arena = Arena.ofShared();
    private final FakeChannel channel = new FakeChannel();
    private final TestRegion region = new TestRegion(1 << 20, arena);
    private final PolicyTables tables = new PolicyTables(channel, region);

    @AfterEach
    void close() {
        arena.close();
    }

    private static DevicePolicy counter(int version) {
        return Policies.of(COUNTER.replace("VERSION", Integer.toString(version)));
    }

    private MemorySegment published() {
        return MemorySegment.ofAddress(channel.address).reinterpret(TableEncoder.BYTES);
    }

    @Test
    void publish_alternatesBetweenTables_andSaysWhatIsInThem() {
        assertThat(tables.publish(counter(1), PATIENCE)).isEqualTo(1);
        long first = channel.address;
        MemorySegment table = published();
        assertThat(table.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(1);
        assertThat(table.get(ValueLayout.JAVA_INT, TableLayout.offset(TableLayout.TABLE, "maps")))
                .isEqualTo(2);
        int count = table.get(ValueLayout.JAVA_INT, TableLayout.program(Hook.CTA_ADMIT) + 4);
        assertThat(count).isGreaterThan(5);
        assertThat(table.get(ValueLayout.JAVA_INT, TableLayout.program(Hook.SM_TICK) + 4))
                .isZero();
        assertThat(tables.publish(DevicePolicy.FAIR, PATIENCE)).isEqualTo(2);
        assertThat(channel.address).isNotEqualTo(first);
        assertThat(tables.publish(counter(2), PATIENCE)).isEqualTo(3);
        assertThat(channel.address).isEqualTo(first);
        assertThat(tables.policy().name()).isEqualTo("counter");
        assertThat(tables.fault()).isEmpty();
        assertThat(tables.isEjected()).isFalse();
    }

    @Test
    void maps_ofTheNextVersion_areThoseOfTheOneBefore() {
        tables.publish(counter(1), PATIENCE);
        DeviceArray hits = tables.array("hits").orElseThrow();
        assertThat(hits.cpus()).isEqualTo(1);
        assertThat(tables.array("own").orElseThrow().cpus()).isEqualTo(3);
        hits.put(3, 0, new byte[] {7, 0, 0, 0, 0, 0, 0, 0});
        for (int version = 2; version < 20; version++) {
            tables.publish(counter(version), PATIENCE);
            assertThat(tables.array("hits").orElseThrow().number(3)).isEqualTo(7);
        }
        tables.publish(DevicePolicy.FAIR, PATIENCE);
        assertThat(tables.map("hits")).isEmpty();
        tables.publish(counter(1), PATIENCE);
        assertThat(tables.array("hits").orElseThrow().number(3)).isZero();
    }

    @Test
    void memory_ofMapsThatAreGone_isUsedAgain() {
        String large =
                "policy large; map big: array<u64>[40000]; hook cta_admit(ctx) { big[ctx.tenant] = NUMBER; return START; }";
        String other = large.replace("policy large", "policy other");
        for (int i = 0; i < 30; i++) {
            tables.publish(Policies.of((i % 2 == 0 ? large : other).replace("NUMBER", "" + i)), PATIENCE);
        }
        assertThatThrownBy(() -> tables.publish(
                        Policies.of(large.replace("40000", "200000").replace("NUMBER", "1")), PATIENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("map big takes 1600000 bytes of device memory");
        assertThat(tables.policy().name()).isEqualTo("other");
        tables.publish(Policies.of(large.replace("NUMBER", "2")), PATIENCE);
    }

    @Test
    void publish_whileABlockUsesTheOtherTable_isRefused() {
        channel.running = true;
        tables.publish(counter(1), PATIENCE);
        assertThatThrownBy(() -> tables.publish(counter(2), PATIENCE))
                .isInstanceOf(SwapTimeoutException.class)
                .hasMessage("policy counter: a block still uses the table before epoch=1 after 5 ms;"
                        + " look for a task that does not come back");
        assertThat(channel.epoch).isEqualTo(1);
        channel.settled = 1;
        assertThat(tables.publish(counter(2), PATIENCE)).isEqualTo(2);
        assertThat(tables.awaitSettled(PATIENCE)).isFalse();
    }

    @Test
    void whatTheDeviceCannotHave_isRefused_andChangesNothing() {
        tables.publish(counter(1), PATIENCE);
        Program queue = new Program(List.of(
                new Instruction.LoadPseudo(PseudoKind.MAP_BY_INDEX, Register.R1, 0, 0),
                new Instruction.Mov(true, 0, Register.R0, new Immediate(0)),
                new Instruction.Exit()));
        assertThatThrownBy(() -> tables.publish(
                        new DevicePolicy(
                                "h",
                                List.of(new DeviceProgram(Hook.CTA_ADMIT, queue, 1)),
                                List.of(new MapDefinition("m", MapKind.QUEUE, 0, 8, 8))),
                        PATIENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "policy h: map m is of kind queue; device programs can use array, percpu_array, hash, lru_hash,"
                                + " snapshot and counters");
        String parts = IntStream.range(0, 400)
                .mapToObj(i -> "if ctx.now_ns == " + i * 3 + " { return PARK; }")
                .collect(Collectors.joining(" "));
        assertThatThrownBy(() -> tables.publish(
                        Policies.of("policy long; hook mem_event(ctx) { return GRANT; } hook therm_tick(ctx) { "
                                + parts.replace("PARK", "1") + " return UNLIMITED; } hook sm_tick(ctx) { "
                                + parts.replace("PARK", "WITHHOLD").repeat(2) + " return REFILL; }"),
                        PATIENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("policy long: all hooks but cta_admit together have \\d+ operations on the device,"
                        + " and a block has room for 2048");
        assertThat(channel.epoch).isEqualTo(1);
        assertThat(tables.map("hits")).isPresent();
    }

    private long codeAddress() {
        return published().get(ValueLayout.JAVA_LONG, TableLayout.offset(TableLayout.TABLE, "code_address"));
    }

    @Test
    void code_ofAPolicy_takesItsPlace_withItsMaps() {
        assertThat(tables.compile()).isEmpty();
        tables.publish(counter(1), PATIENCE);
        DeviceArray hits = tables.array("hits").orElseThrow();
        TableCode code = tables.compile().orElseThrow();
        assertThat(code.ptx().text()).contains(Long.toString(hits.address())).contains("gbpf_code_cta_admit");
        assertThat(tables.replace(code, 77)).as("not prepared").isFalse();
        channel.running = true;
        assertThat(tables.prepare(code)).as("a block uses the other table").isFalse();
        channel.settled = 1;
        assertThat(tables.prepare(code)).isTrue();
        assertThat(channel.epoch).isEqualTo(1);
        assertThat(tables.tier()).isEqualTo(Tier.INTERPRETED);
        assertThat(tables.replace(code, 77)).isTrue();
        assertThat(channel.epoch).isEqualTo(2);
        assertThat(codeAddress()).isEqualTo(77);
        assertThat(tables.tier()).isEqualTo(Tier.COMPILED);
        assertThat(tables.map("hits")).contains(hits);
        assertThat(tables.compile()).as("it is").isEmpty();
        assertThat(tables.replace(code, 78)).as("twice").isFalse();
        channel.settled = 2;
        tables.publish(counter(2), PATIENCE);
        assertThat(tables.tier()).isEqualTo(Tier.INTERPRETED);
        assertThat(codeAddress()).isZero();
        assertThat(tables.map("hits")).contains(hits);
    }

    @Test
    void rehearsal_writesOnlyWhereNobodyReads_andChangesNothing() {
        tables.rehearse();
        tables.publish(counter(1), PATIENCE);
        TableCode code = tables.compile().orElseThrow();
        assertThat(tables.prepare(code)).isTrue();
        tables.rehearse();
        assertThat(channel.epoch).isEqualTo(1);
        assertThat(tables.tier()).isEqualTo(Tier.INTERPRETED);
        assertThat(tables.replace(code, 77)).isTrue();
        assertThat(codeAddress()).isEqualTo(77);
        MemorySegment compiled = published();
        tables.publish(counter(2), PATIENCE);
        tables.rehearse(); // nothing is prepared: a block may still use that table
        assertThat(compiled.get(ValueLayout.JAVA_LONG, TableLayout.offset(TableLayout.TABLE, "code_address")))
                .isEqualTo(77);
        TableCode newer = tables.compile().orElseThrow();
        assertThat(tables.prepare(newer)).isTrue();
        tables.rehearse();
        assertThat(tables.replace(newer, 78)).isTrue();
        assertThat(codeAddress()).isEqualTo(78);
    }

    @Test
    void code_comesIn_whileOthersLook() throws InterruptedException {
        int rounds = 200;
        AtomicBoolean enough = new AtomicBoolean();
        Thread reader = Thread.ofPlatform().start(() -> {
            long epoch = 0;
            while (!enough.get()) {
                epoch = Math.max(epoch, tables.epoch());
            }
            assertThat(epoch).isPositive();
        });
        int in = 0;
        for (int i = 0; i < rounds; i++) {
            tables.publish(counter(1), PATIENCE);
            TableCode code = tables.compile().orElseThrow();
            assertThat(tables.prepare(code)).isTrue();
            Thread.sleep(1); // until the reader is at it again
            if (tables.replace(code, 77)) {
                in++;
            }
        }
        enough.set(true);
        reader.join();
        // A reader that lost its processor with the lock is not waited for.
        assertThat(in).isGreaterThan(rounds * 9 / 10);
    }

    @Test
    void code_ofAPolicyThatIsNotTheLastOne_isNotTaken() {
        tables.publish(counter(1), PATIENCE);
        TableCode code = tables.compile().orElseThrow();
        assertThat(tables.prepare(code)).isTrue();
        tables.publish(counter(2), PATIENCE);
        assertThat(tables.replace(code, 77)).isFalse();
        assertThat(tables.prepare(code)).isFalse();
        assertThat(codeAddress()).isZero();
        TableCode newer = tables.compile().orElseThrow();
        assertThat(tables.prepare(newer)).isTrue();
        channel.ejected = 2;
        assertThat(tables.replace(newer, 77)).as("it is out").isFalse();
        assertThat(tables.compile()).isEmpty();
    }

    @Test
    void code_thatNeedsTooMuchStack_isNotMade() {
        List<Instruction> chain = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            chain.add(new Instruction.CallLocal(1));
            chain.add(new Instruction.Exit());
        }
        chain.add(new Instruction.Mov(true, 0, Register.R0, new Immediate(0)));
        chain.add(new Instruction.Exit());
        tables.publish(
                new DevicePolicy("deep", List.of(new DeviceProgram(Hook.CTA_ADMIT, new Program(chain), 20)), List.of()),
                PATIENCE);
        assertThatThrownBy(tables::compile)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("policy deep: its code may take \\d+ bytes of a thread's stack, and has 4096");
    }

    @Test
    void fault_thatTheDeviceWrote_isRead() {
        DevicePolicy policy = counter(1);
        tables.publish(policy, PATIENCE);
        long record = published().get(ValueLayout.JAVA_LONG, TableLayout.offset(TableLayout.TABLE, "fault_address"));
        MemorySegment fault = MemorySegment.ofAddress(record).reinterpret(TableLayout.FAULT.byteSize());
        channel.ejected = 1;
        assertThat(tables.isEjected()).isTrue();
        assertThat(tables.fault()).as("not written yet").isEmpty();
        fault.set(ValueLayout.JAVA_INT, 8, FaultKind.HELPER.number());
        fault.set(ValueLayout.JAVA_INT, 12, Hook.CTA_ADMIT.id());
        fault.set(ValueLayout.JAVA_INT, 16, 2);
        fault.set(ValueLayout.JAVA_INT, 20, 5);
        fault.set(ValueLayout.JAVA_LONG, 40 + 3 * 8, 255);
        fault.set(ValueLayout.JAVA_LONG, 0, 1);
        PolicyFault read = tables.fault().orElseThrow();
        assertThat(read.hook()).contains(Hook.CTA_ADMIT);
        assertThat(read.registers()).hasSize(11);
        assertThat(read.pc().orElseThrow())
                .isBetween(
                        0,
                        policy.program(Hook.CTA_ADMIT).orElseThrow().program().slots());
        assertThat(read)
                .hasToString("policy counter of epoch=1 was ejected by the device: helper in cta_admit at pc="
                        + read.pc().getAsInt() + ", tenant=5, vslice=0, block=0; r3=0xff");
        tables.publish(counter(2), PATIENCE);
        assertThat(tables.fault()).isEmpty();
    }

    @Test
    void encoder_putsProgramsInARow() {
        DevicePolicy policy =
                Policies.of("policy two; hook sm_tick(ctx) { return REFILL; } hook cta_admit(ctx) { return START; }");
        tables.publish(policy, PATIENCE);
        MemorySegment table = published();
        List<Integer> ends = policy.programs().stream()
                .map(p -> {
                    long at = TableLayout.program(p.hook());
                    return table.get(ValueLayout.JAVA_INT, at) + table.get(ValueLayout.JAVA_INT, at + 4);
                })
                .toList();
        int all = table.get(ValueLayout.JAVA_INT, TableLayout.offset(TableLayout.TABLE, "operations"));
        assertThat(ends).contains(all).doesNotHaveDuplicates();
        assertThat(table.byteSize()).isGreaterThan((long) all * MicroOps.BYTES);
    }
}
