package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.AssemblyResult.Assembled;
import dev.gbpf.asm.AssemblyResult.Failed;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.isa.InstructionArbitraries;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.PolicyObjectArbitraries;
import dev.gbpf.object.ProgramObject;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AssemblyProperties {
    private static final String EDITS = "rw0123456789 x()*=+-<>s:;,.%[]\"\\\n\t\u00e4";

    @Property(tries = 500)
    void assemble_ofAssembly_givesTheProgramBack(@ForAll("localPrograms") Program program, @ForAll Syntax syntax) {
        assertThat(assemble(Disassembler.assembly(program, syntax))).isEqualTo(program);
    }

    @Property(tries = 300)
    void assemble_ofNumericText_givesTheProgramBack(@ForAll("programs") Program program, @ForAll Syntax syntax) {
        String text = program.instructions().stream()
                .map(i -> Disassembler.text(i, syntax))
                .collect(Collectors.joining("; "));
        assertThat(assemble(text)).isEqualTo(program);
    }

    @Property(tries = 300)
    void assemble_ofListing_givesTheProgramBack(@ForAll("localPrograms") Program program) {
        String listing = Disassembler.listing(program, "f");
        String text = listing.lines().map(line -> line.split("\t", -1)[2]).collect(Collectors.joining("\n"));
        assertThat(assemble(text)).isEqualTo(program);
    }

    /** Both styles may be mixed. */
    @Property(tries = 200)
    void assemble_ofMixedStyles_givesTheProgramBack(@ForAll("programs") Program program, @ForAll long styles) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < program.size(); i++) {
            Syntax syntax = (styles >>> i & 1) == 0 ? Syntax.LLVM : Syntax.MNEMONIC;
            text.append(Disassembler.text(program.get(i), syntax)).append('\n');
        }
        assertThat(assemble(text.toString())).isEqualTo(program);
    }

    @Property(tries = 200)
    void policyText_assembled_isTheSamePolicy(@ForAll("objects") PolicyObject object, @ForAll Syntax syntax) {
        String text = PolicyText.of(object, syntax);
        PolicyAssemblyResult result = PolicyAssembler.assemble(new SourceFile("t.gasm", text));
        assertThat(result).as(text).isInstanceOf(PolicyAssemblyResult.Assembled.class);
        PolicyObject again = ((PolicyAssemblyResult.Assembled) result).object();
        assertThat(again.name()).isEqualTo(object.name());
        assertThat(again.abi()).isEqualTo(object.abi());
        assertThat(again.maps())
                .isEqualTo(
                        object.maps().stream().map(MapDefinition::withoutTypes).toList());
        assertThat(again.programs())
                .extracting(ProgramObject::hook)
                .isEqualTo(object.programs().stream().map(ProgramObject::hook).toList());
        assertThat(again.programs())
                .extracting(ProgramObject::program)
                .isEqualTo(
                        object.programs().stream().map(ProgramObject::program).toList());
        assertThat(PolicyText.of(again, syntax)).isEqualTo(text);
    }

    @Property(tries = 300)
    void policy_ofAnyText_isAPolicyOrDiagnosticsInTheText(
            @ForAll("objects") PolicyObject object, @ForAll Syntax syntax, @ForAll("edits") List<Integer> edits) {
        StringBuilder text = new StringBuilder(PolicyText.of(object, syntax));
        edits.forEach(edit -> edit(text, edit));
        SourceFile source = new SourceFile("t.gasm", text.toString());
        if (PolicyAssembler.assemble(source) instanceof PolicyAssemblyResult.Failed failed) {
            checkDiagnostics(source, failed.diagnostics());
        }
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
        StringBuilder text = new StringBuilder(Disassembler.assembly(program, Syntax.LLVM));
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
            case Failed failed -> checkDiagnostics(source, failed.diagnostics());
        }
    }

    private static void checkDiagnostics(SourceFile source, List<Diagnostic> diagnostics) {
        assertThat(diagnostics).isNotEmpty();
        for (Diagnostic d : diagnostics) {
            assertThat(d.code()).matches("E10(0[1-9]|10)");
            SourceSpan span = d.span();
            assertThat(span).isNotNull();
            assertThat(span.line())
                    .isLessThanOrEqualTo(source.lineOf(source.text().length()));
            assertThat(span.column())
                    .isLessThanOrEqualTo(source.line(span.line()).length() + 2);
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
            default -> text.setCharAt(at, EDITS.charAt(Math.floorMod(edit / 31, EDITS.length())));
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

    @Provide
    Arbitrary<PolicyObject> objects() {
        return PolicyObjectArbitraries.objects();
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
