package dev.gbpf.asm;

import dev.gbpf.asm.CodeAssembler.Code;
import dev.gbpf.asm.Token.Kind;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Assembles a program, one statement a line, in either style: LLVM's, {@code r0 = *(u32 *)(r1 + 4)}, {@code if r0 s> 3 goto
 * out}, or that of mnemonics, {@code ldxw %r0, [%r1+4]}, {@code jsgt %r0, 3, out}. It reads everything that {@link
 * Disassembler} prints. Numbers are decimal or hexadecimal; a jump names a label or a number of slots; a call names a helper's
 * number or name, or a label. What could mean two things is an error. {@code docs/assembly.md} has all of it; policies, which
 * have directives, are for {@link PolicyAssembler}.
 */
public final class Assembler {
    /** After this many errors the rest of the source is not looked at. */
    public static final int MAX_ERRORS = 50;

    private Assembler() {}

    /** The program that the source is, or what is wrong with it. */
    public static AssemblyResult assemble(SourceFile source) {
        List<AssemblyException> problems = new ArrayList<>();
        CodeAssembler code = new CodeAssembler(problems);
        boolean whole = read(source, problems, tokens -> {
            if (isDirective(tokens)) {
                throw new AssemblyException(
                        AssemblyProblem.STRUCTURE,
                        tokens.getFirst(),
                        "directives are parts of policies, and this is a program by itself",
                        "not expected here",
                        "begin a policy with '.policy NAME'");
            }
            code.statement(new TokenStream(tokens, Names.NONE));
        });
        Code assembled = whole ? code.resolve() : null;
        return assembled != null && problems.isEmpty()
                ? new AssemblyResult.Assembled(assembled.program(), assembled.lines(), Map.copyOf(code.labels()))
                : new AssemblyResult.Failed(diagnostics(source, problems));
    }

    /** What to do with the tokens of a statement, which end with an end. */
    interface StatementReader {
        void read(List<Token> tokens);
    }

    /** Reads every statement; false when there were too many errors to look at all of them. */
    static boolean read(SourceFile source, List<AssemblyException> problems, StatementReader reader) {
        AssemblyLexer lexer = new AssemblyLexer(source.text());
        while (!lexer.atEnd() && problems.size() < MAX_ERRORS) {
            try {
                reader.read(lexer.statement());
            } catch (AssemblyException e) {
                problems.add(e);
            }
        }
        return lexer.atEnd();
    }

    /** Whether a statement is a directive: a word with a dot before it, and no label. */
    static boolean isDirective(List<Token> tokens) {
        Token first = tokens.getFirst();
        return first.kind() == Kind.WORD
                && first.text().startsWith(".")
                && !tokens.get(1).is(":");
    }

    /** The problems in the order of the source. */
    static List<Diagnostic> diagnostics(SourceFile source, List<AssemblyException> problems) {
        return problems.stream()
                .map(e -> e.toDiagnostic(source.name()))
                .sorted(Comparator.comparingInt(
                        d -> d.span() == null ? 0 : d.span().line()))
                .toList();
    }
}
