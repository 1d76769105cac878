package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapAccess;
import dev.gbpf.abi.MapKind;
import dev.gbpf.abi.Plane;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Snapshots and counters, which host and device share. */
class SharedMapTest {
    private static final String MAPS = """
            struct Use { ns: u64, runs: u64 }
            map weights: snapshot<u32>[4];
            map granted: counters<u64>[4];
            map use: counters<Use>[2];
            """;

    private static long last(String body) {
        return Policies.evaluateIn(MAPS, body);
    }

    private static PolicyObject object(String hooks) {
        return Policies.compiled("policy test;\n" + MAPS + hooks);
    }

    private static List<Instruction> code(PolicyObject object, Hook hook) {
        var program = object.program(hook).orElseThrow().program();
        return IntStream.range(0, program.size()).mapToObj(program::get).toList();
    }

    @Test
    void counters_areAddedTo_andRead() {
        assertThat(last("granted[2] += 5; granted[2] += 1; granted[1] += 7; dsq_len(granted[2]);"))
                .isEqualTo(6);
        assertThat(last("use[1].ns += 3; use[1].runs += 9; use[1].ns += 3; dsq_len(use[1].runs * 100 + use[1].ns);"))
                .isEqualTo(906);
        assertThat(last("let i = ctx.now_ns + 4294967298; granted[i] += 1 else { dsq_len(78); }"))
                .isEqualTo(78);
        assertThat(
                        last(
                                "let i = ctx.now_ns & 3; let g = granted[i] else { return; } g += 1 << 40; g += 2; dsq_len(g);"))
                .isEqualTo((1L << 40) + 2);
        assertThat(last("for i, g in granted { g += i; } dsq_len((granted[3] else 0) + granted[2]);"))
                .isEqualTo(5);
    }

    @Test
    void additions_areAtomic_andNothingElseTouchesCounters() {
        List<Instruction> code = code(
                object("hook cta_admit(ctx) { granted[ctx.tenant & 3] += 1; use[0].runs += ctx.tag; return START; }"),
                Hook.CTA_ADMIT);
        List<Instruction.Atomic> atomics = code.stream()
                .filter(Instruction.Atomic.class::isInstance)
                .map(Instruction.Atomic.class::cast)
                .toList();
        assertThat(atomics).hasSize(2).allMatch(a -> a.op() == AtomicOp.ADD && a.is64() && !a.fetch());
        assertThat(atomics).extracting(Instruction.Atomic::offset).containsExactlyInAnyOrder((short) 0, (short) 8);
        assertThat(code).noneMatch(i -> i instanceof Instruction.Store store && store.base() != Register.R10);
        assertThat(code)
                .noneMatch(
                        i -> i instanceof Instruction.LoadPseudo load && load.kind() == PseudoKind.MAP_VALUE_BY_INDEX);
    }

    @Test
    void snapshot_isReadAndWrittenLikeAnArray_byLookups() {
        assertThat(last("weights[2] = 5; weights[2] += 1; dsq_len(weights[2]);"))
                .isEqualTo(6);
        assertThat(last("let i = ctx.now_ns + 9; weights[2] = 5; dsq_len(weights[i] else 77);"))
                .isEqualTo(77);
        assertThat(code(object("hook sm_tick(ctx) { ctx.share = weights[2]; return REFILL; }"), Hook.SM_TICK))
                .noneMatch(
                        i -> i instanceof Instruction.LoadPseudo load && load.kind() == PseudoKind.MAP_VALUE_BY_INDEX);
    }

    @Test
    void kinds_outliveObjectFiles() {
        PolicyObject object = object("hook on_tick(ctx) { weights[0] = 1; }");
        PolicyObject read = ObjectReader.read(ObjectWriter.write(object));
        assertThat(read.maps()).isEqualTo(object.maps());
        assertThat(read.maps().stream().map(MapDefinition::kind).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(MapKind.SNAPSHOT, MapKind.COUNTERS);
    }

    @Test
    void access_ofSharedKinds_isOnesOwnOnEachPlane() {
        assertThat(MapKind.SNAPSHOT.access(Plane.HOST)).isEqualTo(MapAccess.ALL);
        assertThat(MapKind.SNAPSHOT.access(Plane.DEVICE)).isEqualTo(MapAccess.READ);
        assertThat(MapKind.COUNTERS.access(Plane.HOST)).isEqualTo(MapAccess.READ);
        assertThat(MapKind.COUNTERS.access(Plane.DEVICE)).isEqualTo(MapAccess.ADD);
    }

    @Test
    void sizes_areBounded() {
        MapDefinition most = new MapDefinition("s", MapKind.SNAPSHOT, 4, 12, MapDefinition.MAX_SNAPSHOT / 16);
        assertThatThrownBy(() -> new MapDefinition("s", MapKind.SNAPSHOT, 4, 12, most.maxEntries() + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes=1048592 is too large, at most 1048576");
        assertThatThrownBy(() -> new MapDefinition("c", MapKind.COUNTERS, 4, 12, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no multiple of 8");
        assertThatThrownBy(() -> new MapDefinition("c", MapKind.COUNTERS, 4, 8, 8193))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 65536");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', textBlock = """
            map m: counters<u32>[4];       @ log(1, m[0]);                           @ E0312
            map m: counters<Mixed>[4];     @ log(1, m[0].a);                         @ E0312
            map m: counters<u64>[8193];    @ log(1, m[0]);                           @ E0306
            map m: snapshot<u64>[131073];  @ log(1, m[0]);                           @ E0306
            map m: counters<i64>[4];       @ m[1] = 2;                               @ E0313
            map m: counters<i64>[4];       @ m[1] -= 2;                              @ E0313
            map m: counters<i64>[4];       @ m[ctx.now_ns & 3] = 2;                  @ E0313
            map m: counters<i64>[4];       @ m[ctx.now_ns & 3] *= 2;                 @ E0313
            map m: counters<i64>[4];       @ if let g = m[ctx.now_ns] { g = 1; }     @ E0313
            map m: counters<Pair>[4];      @ m[1] = Pair { a: 1, b: 2 };             @ E0313
            map m: counters<Pair>[4];      @ m[1].a = 1;                             @ E0313
            map m: counters<Pair>[4];      @ m[1] += 1;                              @ E0323
            map m: counters<u64>[4];       @ delete m[1];                            @ E0303
            map m: counters<u32, u64>[4];  @ log(1, m[0]);                           @ E0305
            """)
    void mistakes_areNamed(String map, String body, String code) {
        CompileResult result =
                Policies.compile("policy test; struct Mixed { a: u64, b: u32 } struct Pair { a: u64, b: i64 } " + map
                        + " hook on_tick(ctx) { " + body + " }");
        assertThat(result)
                .isInstanceOfSatisfying(
                        CompileResult.Failed.class,
                        failed -> assertThat(failed.diagnostics())
                                .extracting(Diagnostic::code)
                                .contains(code)
                                .allMatch(c -> c.equals(code) || c.startsWith("E09")));
    }
}
