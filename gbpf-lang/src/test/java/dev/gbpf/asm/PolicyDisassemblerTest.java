package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.asm.AssemblyResult.Assembled;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Program;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyDisassemblerTest {

    private static final String SOURCE = """
            policy count {
                on_submit {
                    let n = seen[ctx.tenant];
                    return ENQUEUE;
                }
            }
            """;

    @Test
    void disassemble_showsMapsSourceLabelsAndNames() {
        int tenant = Hook.ON_SUBMIT.context().offsetOf("tenant");
        Program program = program("""
                r6 = r1
                r1 = *(u32 *)(r6 + %d)
                *(u32 *)(r10 - 4) = r1
                r2 = r10
                r2 += -4
                r1 = map_by_idx(0)
                call map_lookup_elem
                if r0 == 0 goto out
                *(u64 *)(r6 + 3) = r0
                call 99
                out: r0 = 0
                exit
                """.formatted(tenant));
        PolicyObject object = new PolicyObject(
                "count",
                AbiVersion.CURRENT,
                List.of(new MapDefinition("seen", MapKind.HASH, 4, 8, 64)),
                List.of(new ProgramObject(
                        Hook.ON_SUBMIT, program, List.of(new LineInfo(0, 3, 9, 24), new LineInfo(11, 4, 9, 15)))),
                new SourceFile("count.gbpf", SOURCE));
        String tag = ObjectHash.of(object).tag();
        assertThat(PolicyDisassembler.disassemble(object, Syntax.LLVM)).isEqualTo("""
                // policy count, interface 1.10, tag %s
                // map 0: seen, hash, key 4 bytes, value 8 bytes, entries 64

                // hook on_submit, 12 instructions, 13 slots
                on_submit:
                // count.gbpf:3: let n = seen[ctx.tenant];
                       0:  r6 = r1
                       1:  r1 = *(u32 *)(r6 + 0x%x)             // ctx.tenant
                       2:  *(u32 *)(r10 - 0x4) = r1
                       3:  r2 = r10
                       4:  r2 += -0x4
                       5:  r1 = map_by_idx(0x0)                 // map seen
                       7:  call 0x1                             // map_lookup_elem
                       8:  if r0 == 0x0 goto L11
                       9:  *(u64 *)(r6 + 0x3) = r0              // no such field of ctx
                      10:  call 0x63                            // no such helper
                L11:
                // count.gbpf:4: return ENQUEUE;
                      11:  r0 = 0x0
                      12:  exit
                """.formatted(tag, tenant));
    }

    @Test
    void contextComments_followMovesAndEndAtCallsAndJoins() {
        Program program = program("""
                r7 = r1
                call f
                r2 = *(u64 *)(r1 + 0)
                r2 = *(u64 *)(r7 + 0)
                if r2 == 0 goto join
                r7 = 0
                join: r2 = *(u64 *)(r7 + 0)
                exit
                f: r2 = *(u64 *)(r1 + 0)
                w1 = w1
                r2 = *(u64 *)(r1 + 0)
                exit
                """);
        PolicyObject object = new PolicyObject(
                "p", AbiVersion.CURRENT, List.of(), List.of(new ProgramObject(Hook.ON_TICK, program, List.of())), null);
        List<String> commented = PolicyDisassembler.disassemble(object, Syntax.LLVM)
                .lines()
                .filter(line -> line.endsWith("ctx.now_ns"))
                .map(line -> line.strip().substring(0, 1))
                .toList();
        assertThat(commented).containsExactly("3", "8");
    }

    @Test
    void sourceLines_cannotEndTheirComment() {
        PolicyObject object = new PolicyObject(
                "p",
                AbiVersion.CURRENT,
                List.of(),
                List.of(new ProgramObject(Hook.ON_TICK, program("exit"), List.of(new LineInfo(0, 1, 1, 1)))),
                new SourceFile("a\nexit", "x\u001b[2J\rexit"));
        assertThat(PolicyDisassembler.disassemble(object, Syntax.LLVM))
                .contains("// a\ufffdexit:1: x\ufffd[2J\ufffdexit\n");
    }

    private static Program program(String source) {
        AssemblyResult result = Assembler.assemble(new SourceFile("t.s", source));
        assertThat(result).as(source).isInstanceOf(Assembled.class);
        return ((Assembled) result).program();
    }
}
