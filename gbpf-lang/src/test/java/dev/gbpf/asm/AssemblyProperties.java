package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.AssemblyResult.Assembled;
import dev.gbpf.asm.AssemblyResult.Failed;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.InstructionArbitraries;
import dev.gbpf.isa.Program;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AssemblyProperties {

    @Property(tries = 500)
    void assemble_ofAssembly_givesTheProgramBack(@ForAll("localPrograms") Program program) {
        assertThat(assemble(Disassembler.assembly(program))).isEqualTo(program);
    }

    @Property(tries = 300)
    void assemble_ofNumericText_givesTheProgramBack(@ForAll("programs") Program program) {
        String text = program.instructions().stream().map(Disassembler::text).collect(Collectors.joining("; "));
        assertThat(assemble(text)).isEqualTo(program);
    }

    @Property(tries = 300)
    void assemble_ofListing_givesTheProgramBack(@ForAll("localPrograms") Program program) {
        String listing = Disassembler.listing(program, "f");
        String text = listing.lines().map(line -> line.split("\t", -1)[2]).collect(Collectors.joining("\n"));
        assertThat(assemble(text)).isEqualTo(program);
    }

    /** Line information points at the statements. */
    @Property(tries = 200)
    void lines_coverEachInstruction(@ForAll("programs") Program program) {
        String text = program.instructions().stream().map(Disassembler::text).collect(Collectors.joining("\n"));
        Assembled assembled = (Assembled) Assembler.assemble(new SourceFile("t.s", text));
        assertThat(assembled.lines()).hasSize(program.size());
        List<String> statements = text.lines().toList();
        for (int i = 0; i < program.size(); i++) {
            assertThat(assembled.lines().get(i).pc()).isEqualTo(program.pcOf(i));
            assertThat(assembled.lines().get(i).line()).isEqualTo(i + 1);
            assertThat(assembled.lines().get(i).length())
                    .isEqualTo(statements.get(i).length());
        }
    }

    /** Text near assembly: a program with characters taken out, doubled or replaced. */
    @Property(tries = 1000)
    void assemble_ofAnyText_givesAProgramOrDiagnosticsInTheText(
            @ForAll("programs") Program program, @ForAll("edits") List<Integer> edits) {
        StringBuilder text = new StringBuilder(Disassembler.assembly(program));
        for (int edit : edits) {
            edit(text, edit);
        }
        check(text.toString());
    }

    @Property(tries = 300)
    void assemble_ofRandomText_givesAProgramOrDiagnosticsInTheText(@ForAll String text) {
        check(text);
    }

    private static void check(String text) {
        SourceFile source = new SourceFile("t.s", text);
        switch (Assembler.assemble(source)) {
            case Assembled assembled ->
                assertThat(assembled.lines()).hasSize(assembled.program().size());
            case Failed failed -> {
                assertThat(failed.diagnostics()).isNotEmpty();
                for (Diagnostic d : failed.diagnostics()) {
                    assertThat(d.code()).matches("E100[1-6]");
                    assertThat(d.span()).isNotNull();
                    assertThat(d.span().line()).isLessThanOrEqualTo(source.lineOf(text.length()));
                    assertThat(d.span().column())
                            .isLessThanOrEqualTo(source.line(d.span().line()).length() + 2);
                }
            }
        }
    }

    private static void edit(StringBuilder text, int edit) {
        if (text.isEmpty()) {
            return;
        }
        int at = Math.floorMod(edit, text.length());
        switch (Math.floorMod(edit / 7, 3)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.insert(at, text.charAt(at));
            default -> text.setCharAt(at, "rw0123456789 x()*=+-<>s:;,\n\t\u00e4".charAt(Math.floorMod(edit / 31, 29)));
        }
    }

    private static Program assemble(String text) {
        AssemblyResult result = Assembler.assemble(new SourceFile("t.s", text));
        assertThat(result).as(text).isInstanceOf(Assembled.class);
        return ((Assembled) result).program();
    }

    @Provide
    Arbitrary<Program> programs() {
        return InstructionArbitraries.programs(30);
    }

    /** Programs with jumps near by, so that many targets get labels. */
    @Provide
    Arbitrary<Program> localPrograms() {
        return InstructionArbitraries.localPrograms(30);
    }

    @Provide
    Arbitrary<List<Integer>> edits() {
        return Arbitraries.integers().list().ofMinSize(1).ofMaxSize(5);
    }
}
