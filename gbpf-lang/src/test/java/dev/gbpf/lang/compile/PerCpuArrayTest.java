package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.object.PolicyObject;
import org.junit.jupiter.api.Test;

/** Arrays of which each decision thread has its own values. */
class PerCpuArrayTest {
    private static final String MAPS = """
            struct Count { jobs: u32, bytes: u64 }
            map hits: percpu_array<u64>[4];
            map counts: percpu_array<Count>[3];
            """;

    private static long last(String body) {
        return Policies.evaluateIn(MAPS, body);
    }

    @Test
    void element_ofAConstantIndex_isThereWithoutAnElse() {
        assertThat(last("hits[2] += 5; hits[2] += 1; hits[1] += 7; dsq_len(hits[2]);"))
                .isEqualTo(6);
        assertThat(last("counts[1].jobs = 3; counts[1].bytes = 9; dsq_len(counts[1].jobs + counts[1].bytes);"))
                .isEqualTo(12);
    }

    @Test
    void element_ofAnIndexOutOfRange_isAbsentHoweverLarge() {
        String index = "let i = ctx.now_ns + 4294967298; ";
        assertThat(last(index + "hits[2] = 5; dsq_len(hits[i] else 77);")).isEqualTo(77);
        assertThat(last(index + "hits[2] = 5; hits[i] += 1 else { dsq_len(78); }"))
                .isEqualTo(78);
        assertThat(last(index + "hits[i] = 1 else { dsq_len(79); }")).isEqualTo(79);
        assertThat(last("let i = ctx.now_ns + 2; hits[2] = 5; dsq_len(hits[i] else 77);"))
                .isEqualTo(5);
    }

    @Test
    void element_ofAnIndexKnownToBeInRange_needsNoElse() {
        assertThat(last("let i = ctx.now_ns & 3; hits[i] += 5; hits[i] += 1; dsq_len(hits[i] + 1);"))
                .isEqualTo(7);
        assertThat(last("if ctx.now_ns < 4 { hits[ctx.now_ns] += 2; dsq_len(hits[ctx.now_ns]); }"))
                .isEqualTo(2);
        assertThat(Policies.compile("policy test;\n" + MAPS + "hook on_tick(ctx) { hits[ctx.now_ns & 4] += 1; }"))
                .isInstanceOf(CompileResult.Failed.class);
    }

    @Test
    void loop_overAll_givesElementsInOrder() {
        assertThat(last("""
                hits[1] = 3; hits[3] = 4;
                var sum = 0;
                for i, v in hits { v += 1; sum = sum * 100 + i * 10 + v; }
                dsq_len(sum);
                """)).isEqualTo(1142135);
    }

    @Test
    void access_isALookup_neverADirectAddress() {
        PolicyObject object = Policies.compiled("policy test;\n" + MAPS + "hook on_tick(ctx) { hits[2] += 5; }");
        var program = object.program(Hook.ON_TICK).orElseThrow().program();
        int lookups = 0;
        for (int i = 0; i < program.size(); i++) {
            if (program.get(i) instanceof Instruction.CallHelper(int id) && id == Helper.MAP_LOOKUP_ELEM.id()) {
                lookups++;
            }
            assertThat(program.get(i))
                    .matches(n -> !(n instanceof Instruction.LoadPseudo load)
                            || load.kind() != PseudoKind.MAP_VALUE_BY_INDEX);
        }
        assertThat(lookups).isEqualTo(1);
    }
}
