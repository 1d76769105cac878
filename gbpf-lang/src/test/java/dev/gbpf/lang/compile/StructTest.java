package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.lang.testing.ReferenceMachine;
import dev.gbpf.object.PolicyObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StructTest {
    private static final String TENANT = """
            struct Window { start: u16, end: u64 }
            struct Tenant { flags: u8, tokens: u64, debt: i32, window: Window, last: u8 }
            map tenants: hash<u32, Tenant>[4];
            map config: array<Tenant>[3];
            map numbers: hash<u32, u64>[4];
            """;
    private static final String VALUE =
            "Tenant { flags: 1, tokens: 2, debt: -3, window: Window { start: 4, end: 5 }, last: 6 }";

    private final List<Long> trace = new ArrayList<>();

    private ReferenceMachine run(String body) {
        PolicyObject object = Policies.compiled("policy test;\n" + TENANT + "hook on_tick(ctx) {\n" + body + "\n}\n");
        ReferenceMachine machine = new ReferenceMachine(object, call -> {
            trace.add(call.arguments().getFirst());
            return 0;
        });
        machine.run(
                object.program(Hook.ON_TICK).orElseThrow().program(),
                new byte[Hook.ON_TICK.context().size()]);
        return machine;
    }

    private List<Long> trace(String body) {
        run(body);
        return trace;
    }

    @Test
    void layout_isThatOfC() {
        PolicyObject object = Policies.compiled("policy test;\n" + TENANT + "hook init(ctx) { config[0].last = 1; }");
        assertThat(object.maps().get(0).valueSize()).isEqualTo(48);
        ByteBuffer value = ByteBuffer.wrap(
                        run("tenants[7] = " + VALUE + ";").maps().bytes("tenants", 7))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(value.get(0)).isEqualTo((byte) 1);
        assertThat(value.getLong(8)).isEqualTo(2);
        assertThat(value.getInt(16)).isEqualTo(-3);
        assertThat(value.getShort(24)).isEqualTo((short) 4);
        assertThat(value.getLong(32)).isEqualTo(5);
        assertThat(value.get(40)).isEqualTo((byte) 6);
    }

    @Test
    void padding_isZeroAfterAnInsert() {
        byte[] value = run("tenants[7] = "
                        + VALUE.replaceAll("-?\\d", "ctx.tick - 1").replace("debt: ctx.tick - 1", "debt: -1") + ";")
                .maps()
                .bytes("tenants", 7);
        for (int at : new int[] {1, 2, 3, 4, 5, 6, 7, 20, 21, 22, 23, 26, 27, 28, 29, 30, 31, 41, 47}) {
            assertThat(value[at]).as("byte %d", at).isZero();
        }
        assertThat(value[0]).isEqualTo((byte) -1);
        assertThat(value[40]).isEqualTo((byte) -1);
    }

    @Test
    void field_readWithFallback_isTheFieldOrTheFallback() {
        assertThat(trace("tenants[1] = " + VALUE + """
                ;
                dsq_len(tenants[1].tokens else 9);
                dsq_len(tenants[1].debt else 9);
                dsq_len(tenants[1].window.end else 9);
                dsq_len(tenants[2].window.end else 9);
                dsq_len(1 + (tenants[1].last else 9));
                """)).containsExactly(2L, -3L, 5L, 9L, 7L);
    }

    @Test
    void reference_fromIfLet_readsAndWritesInPlace() {
        assertThat(trace("tenants[1] = " + VALUE + """
                ;
                if let t = tenants[1] {
                    t.tokens += 10;
                    t.window.start = 70000 + ctx.tick;
                    t.debt = t.debt - 1;
                }
                dsq_len(tenants[1].tokens else 0);
                dsq_len(tenants[1].window.start else 0);
                dsq_len(tenants[1].debt else 0);
                if let start = tenants[1].window.start { start += 1; }
                if let w = tenants[1].window { dsq_len(w.start); dsq_len(w.end); }
                """)).containsExactly(12L, 4464L, -4L, 4465L, 5L);
    }

    @Test
    void reference_withElse_leavesWithoutAnEntry() {
        assertThat(trace("numbers[1] = 5; for k in 0..3 {" + """
                    let n = numbers[k] else { dsq_len(100 + k); continue; }
                    n += k;
                    dsq_len(n);
                }
                let t = tenants[1] else { dsq_len(200); return; }
                dsq_len(t.tokens);
                """)).containsExactly(100L, 6L, 102L, 200L);
    }

    @Test
    void reference_toAnElement_needsNoElse() {
        assertThat(trace("""
                let c = config[2];
                c.tokens = 7;
                c.window = Window { start: 1, end: c.tokens };
                dsq_len(config[2].window.end);
                let w = config[2].window;
                dsq_len(w.start);
                """)).containsExactly(7L, 1L);
    }

    @Test
    void assignment_ofAWholeStruct_computesAllFieldsFirst() {
        assertThat(trace("""
                config[0].window = Window { start: 1, end: 2 };
                let w = config[0].window;
                w = Window { end: w.start, start: w.end };
                dsq_len(w.start);
                dsq_len(w.end);
                """)).containsExactly(2L, 1L);
    }

    @Test
    void assignment_ofAnotherEntry_copiesIt() {
        assertThat(trace("config[1] = " + VALUE + """
                ;
                tenants[3] = config[1];
                config[1].tokens = 99;
                if let t = tenants[3] {
                    dsq_len(t.tokens);
                    t.window = config[1].window;
                    config[2] = t;
                }
                dsq_len(config[2].debt);
                tenants[4] = Tenant { flags: 0, tokens: 0, debt: 0, window: config[2].window, last: 0 };
                dsq_len(tenants[4].window.end else 0);
                """)).containsExactly(2L, -3L, 5L);
    }

    @Test
    void fieldOfAnAbsentEntry_takesTheElse() {
        assertThat(trace("""
                tenants[1].tokens += 5 else { dsq_len(1); }
                config[ctx.tick].tokens += 5 else { dsq_len(2); }
                config[ctx.tick + 3].tokens = 5 else { dsq_len(3); }
                numbers[1] += 1 else { numbers[1] = 40; }
                numbers[1] += 1 else { numbers[1] = 40; }
                dsq_len(config[0].tokens);
                dsq_len(numbers[1] else 0);
                """)).containsExactly(1L, 3L, 5L, 41L);
    }

    @Test
    void update_ofAFullMap_takesTheElse() {
        String set = "tenants[%d] = " + VALUE + " else { dsq_len(%1$d); }\n";
        assertThat(trace(set.formatted(1) + set.formatted(2) + set.formatted(3) + set.formatted(4) + set.formatted(5)))
                .containsExactly(5L);
    }

    @Test
    void fields_ofOneReference_takeOneLookup() {
        PolicyObject object = Policies.compiled("policy test;\n" + TENANT + """
                hook on_tick(ctx) {
                    let t = tenants[ctx.tick] else { return; }
                    t.tokens = t.tokens + t.last * t.window.end;
                    t.debt += 1;
                    dsq_len(t.flags);
                }
                """);
        Program program = object.program(Hook.ON_TICK).orElseThrow().program();
        long lookups = program.instructions().stream()
                .filter(i -> i instanceof Instruction.CallHelper(int id) && id == Helper.MAP_LOOKUP_ELEM.id())
                .count();
        assertThat(lookups).isEqualTo(1);
    }

    @Test
    void values_areEvaluatedInTheOrderInWhichTheyAreWritten() {
        assertThat(trace("""
                config[0].window = Window { end: dsq_len(1) as u64, start: dsq_len(2) as u64 };
                tenants[dsq_len(3) as u64] = Tenant {
                    tokens: dsq_len(4) as u64, flags: dsq_len(5) as u64, debt: 0, window: config[0].window, last: 0
                };
                """)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
}
