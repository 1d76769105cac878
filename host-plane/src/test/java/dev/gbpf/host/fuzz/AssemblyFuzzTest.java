package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.asm.Assembler;
import dev.gbpf.asm.AssemblyResult;
import dev.gbpf.asm.AssemblyResult.Assembled;
import dev.gbpf.asm.AssemblyResult.Failed;
import dev.gbpf.asm.Disassembler;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.isa.encoding.InstructionEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Assembly text; what assembles comes back from its own listing and its own bytes. */
class AssemblyFuzzTest {
    private static final int PER_BYTE = 500;

    static {
        seeds().forEach(bytes -> Assembler.assemble(source(bytes)));
    }

    static Stream<byte[]> seeds() {
        return Stream.concat(
                Seeds.files(".asm", "policies", "examples"),
                Stream.of(Seeds.INSTRUCTIONS.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void text_ofAnyBytes_givesAProgramOrDiagnostics(byte[] bytes) {
        SourceFile source = source(bytes);
        AssemblyResult result = Allocation.within(PER_BYTE, bytes.length, () -> Assembler.assemble(source));
        switch (result) {
            case Assembled assembled -> {
                SourceFile listing = new SourceFile("again.s", Disassembler.assembly(assembled.program()));
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

    private static SourceFile source(byte[] bytes) {
        return new SourceFile("fuzz.s", new String(bytes, StandardCharsets.UTF_8));
    }
}
