package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.asm.PolicyAssemblyResult;
import dev.gbpf.asm.PolicyAssemblyResult.Assembled;
import dev.gbpf.asm.PolicyAssemblyResult.Failed;
import dev.gbpf.asm.PolicyText;
import dev.gbpf.asm.Syntax;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies in assembly; one comes back from its own text in either style, its source and lines aside, and from its object. */
class PolicyAssemblyFuzzTest {
    private static final int PER_BYTE = 500;

    static {
        seeds().forEach(bytes -> PolicyAssembler.assemble(source(bytes)));
    }

    static Stream<byte[]> seeds() {
        return Stream.concat(
                Seeds.files(".gasm", "policies", "examples"),
                Stream.of(AssemblyFuzzTest.POLICY.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void text_ofAnyBytes_givesAPolicyOrDiagnostics(byte[] bytes) {
        SourceFile source = source(bytes);
        PolicyAssemblyResult result = Allocation.within(PER_BYTE, bytes.length, () -> PolicyAssembler.assemble(source));
        switch (result) {
            case Assembled(PolicyObject object) -> {
                for (Syntax syntax : Syntax.values()) {
                    check(object, syntax);
                }
                assertThat(ObjectReader.read(ObjectWriter.write(object))).isEqualTo(object);
            }
            case Failed failed -> {
                assertThat(failed.diagnostics()).isNotEmpty();
                new DiagnosticRenderer(source, true).render(failed.diagnostics());
            }
        }
    }

    private static void check(PolicyObject object, Syntax syntax) {
        SourceFile text = new SourceFile("again.gasm", PolicyText.of(object, syntax));
        PolicyObject again = ((Assembled) PolicyAssembler.assemble(text)).object();
        assertThat(again.maps()).isEqualTo(object.maps());
        assertThat(again.programs().stream().map(ProgramObject::program))
                .containsExactlyElementsOf(
                        object.programs().stream().map(ProgramObject::program).toList());
    }

    private static SourceFile source(byte[] bytes) {
        return new SourceFile("fuzz.gasm", new String(bytes, StandardCharsets.UTF_8));
    }
}
