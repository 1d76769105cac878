package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.asm.Assembler;
import dev.gbpf.asm.AssemblyResult;
import dev.gbpf.asm.AssemblyResult.Assembled;
import dev.gbpf.asm.AssemblyResult.Failed;
import dev.gbpf.asm.Disassembler;
import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.asm.PolicyAssemblyResult;
import dev.gbpf.asm.PolicyText;
import dev.gbpf.asm.Syntax;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.isa.encoding.InstructionEncoder;
import dev.gbpf.object.PolicyObject;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Assembly text; what assembles comes back from its own listing and its own bytes. */
class AssemblyFuzzTest {
    private static final int PER_BYTE = 500;

    static final String POLICY = """
            .policy p
            .abi 1.0
            .map m array key=4 value=8 entries=2 readonly
            .data m u16 1, -2
            .data m "a\\x00\\n"
            .hook on_submit
            L: lddw %r1, map_val(map_by_idx(m)) + 4
            w2 = *(u32 *)(r1 + ctx.tenant)
            jslt32 %r2, -5, L
            lock fetch add [%r10-8], %r2
            call local f; r0 = ENQUEUE
            exit
            f: exit
            """;

    static {
        seeds().forEach(bytes -> Assembler.assemble(source(bytes)));
    }

    static Stream<byte[]> seeds() {
        return Stream.concat(
                Seeds.files(".gasm", "policies", "examples"),
                Stream.of(
                        Seeds.INSTRUCTIONS.getBytes(StandardCharsets.UTF_8), POLICY.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void text_ofAnyBytes_givesAProgramOrDiagnostics(byte[] bytes) {
        SourceFile source = source(bytes);
        AssemblyResult result = Allocation.within(PER_BYTE, bytes.length, () -> Assembler.assemble(source));
        switch (result) {
            case Assembled assembled -> {
                SourceFile listing = new SourceFile("again.s", Disassembler.assembly(assembled.program(), Syntax.LLVM));
                assertThat(((Assembled) Assembler.assemble(listing)).program()).isEqualTo(assembled.program());
                assertThat(InstructionDecoder.decode(InstructionEncoder.encode(assembled.program())))
                        .isEqualTo(assembled.program());
            }
            case Failed failed -> {
                assertThat(failed.diagnostics()).isNotEmpty();
                new DiagnosticRenderer(source, true).render(failed.diagnostics());
            }
        }
    }

    /** The same for policies: what assembles comes back from its own text, in either style. */
    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void policy_ofAnyBytes_isAPolicyOrDiagnostics(byte[] bytes) {
        SourceFile source = source(bytes);
        switch (PolicyAssembler.assemble(source)) {
            case PolicyAssemblyResult.Assembled(PolicyObject object) -> {
                for (Syntax syntax : Syntax.values()) {
                    String text = PolicyText.of(object, syntax);
                    PolicyAssemblyResult again = PolicyAssembler.assemble(new SourceFile("again.gasm", text));
                    assertThat(PolicyText.of(((PolicyAssemblyResult.Assembled) again).object(), syntax))
                            .isEqualTo(text);
                }
            }
            case PolicyAssemblyResult.Failed failed -> {
                assertThat(failed.diagnostics()).isNotEmpty();
                new DiagnosticRenderer(source, true).render(failed.diagnostics());
            }
        }
    }

    private static SourceFile source(byte[] bytes) {
        return new SourceFile("fuzz.s", new String(bytes, StandardCharsets.UTF_8));
    }
}
