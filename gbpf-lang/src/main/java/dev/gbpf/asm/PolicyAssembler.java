package dev.gbpf.asm;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.asm.CodeAssembler.Code;
import dev.gbpf.asm.Token.Kind;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.object.ObjectFormatException;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Assembles a policy: directives that name it and define its maps, and after each {@code .hook} the program of that hook, in
 * the syntax of {@link Assembler}. {@link PolicyText} prints policies so. {@code docs/assembly.md} has all of it.
 */
public final class PolicyAssembler {
    /** What the names of source files end with. */
    public static final String SUFFIX = ".gasm";

    private static final List<String> DIRECTIVES = List.of(".policy", ".abi", ".map", ".data", ".hook");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,5}\\.[0-9]{1,5}");

    private final SourceFile source;
    private final List<AssemblyException> problems = new ArrayList<>();
    private final MapTable maps = new MapTable();
    private final Map<Hook, CodeAssembler> programs = new LinkedHashMap<>();
    private @Nullable String policy;
    private @Nullable AbiVersion abi;
    private @Nullable Hook hook;
    private Names names = new HookNames(null, maps);

    private PolicyAssembler(SourceFile source) {
        this.source = source;
    }

    /** The policy that the source is, or what is wrong with it. */
    public static PolicyAssemblyResult assemble(SourceFile source) {
        PolicyAssembler assembler = new PolicyAssembler(source);
        boolean whole = Assembler.read(source, assembler.problems, assembler::statement);
        PolicyObject object = whole ? assembler.object() : null;
        if (object == null) {
            return new PolicyAssemblyResult.Failed(Assembler.diagnostics(source, assembler.problems));
        }
        Diagnostic tooLarge = oversize(object);
        return tooLarge == null
                ? new PolicyAssemblyResult.Assembled(object)
                : new PolicyAssemblyResult.Failed(List.of(tooLarge));
    }

    /** Whether a source is a policy rather than a program by itself: its first statement is a directive. */
    public static boolean isPolicy(SourceFile source) {
        AssemblyLexer lexer = new AssemblyLexer(source.text());
        try {
            while (!lexer.atEnd()) {
                List<Token> tokens = lexer.statement();
                if (tokens.size() > 1) {
                    return Assembler.isDirective(tokens);
                }
            }
        } catch (AssemblyException e) {
            return false;
        }
        return false;
    }

    private void statement(List<Token> tokens) {
        if (Assembler.isDirective(tokens)) {
            directive(new TokenStream(tokens, names));
        } else if (tokens.size() > 1) {
            code(tokens);
        }
    }

    private void code(List<Token> tokens) {
        Hook current = hook;
        CodeAssembler code = current == null ? null : programs.get(current);
        if (current == null || code == null) {
            throw new AssemblyException(
                    AssemblyProblem.STRUCTURE,
                    tokens.getFirst(),
                    "an instruction outside of a hook",
                    "belongs to no program",
                    "begin the program with '.hook on_submit' or another hook");
        }
        code.statement(new TokenStream(tokens, names));
    }

    private void directive(TokenStream in) {
        Token word = in.take();
        switch (word.text()) {
            case ".policy" -> {
                Token name = name(in, "the policy");
                in.expectEnd();
                once(word, policy);
                policy = name.text();
            }
            case ".abi" -> {
                once(word, abi);
                abi = version(in);
            }
            case ".map" -> maps.define(in);
            case ".data" -> maps.data(in);
            case ".hook" -> begin(in);
            default ->
                throw new AssemblyException(
                        AssemblyProblem.UNKNOWN_DIRECTIVE,
                        word,
                        "there is no directive " + word.inWords(),
                        "not a directive",
                        Suggestion.closest(word.text(), DIRECTIVES)
                                .map(n -> "did you mean '" + n + "'?")
                                .orElse("directives are " + String.join(", ", DIRECTIVES)));
        }
    }

    private static void once(Token word, @Nullable Object earlier) {
        if (earlier != null) {
            throw new AssemblyException(
                    AssemblyProblem.STRUCTURE,
                    word,
                    word.inWords() + " stands there twice",
                    "again here",
                    "take one out");
        }
    }

    /** A name of letters, digits and underscores. */
    static Token name(TokenStream in, String whose) {
        Token name = in.peek();
        boolean isWord = name.kind() == Kind.WORD || name.kind() == Kind.NUMBER;
        if (!isWord || !NAME.matcher(name.text()).matches()) {
            throw in.unexpected("the name of " + whose).withHelp("a name is 1 to 64 letters, digits and underscores");
        }
        return in.take();
    }

    private static AbiVersion version(TokenStream in) {
        Token token = in.peek();
        if (!VERSION.matcher(token.text()).matches()) {
            throw in.unexpected("a version such as " + AbiVersion.CURRENT);
        }
        in.take();
        in.expectEnd();
        String[] parts = token.text().split("\\.", -1);
        AbiVersion version = new AbiVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        if (!AbiVersion.CURRENT.runs(version)) {
            throw new AssemblyException(
                    AssemblyProblem.RANGE,
                    token,
                    "the policy is for interface " + version + ", this build runs " + AbiVersion.CURRENT.major()
                            + ".0 to " + AbiVersion.CURRENT,
                    "not this one",
                    "use a gbpf that speaks " + version);
        }
        return version;
    }

    private void begin(TokenStream in) {
        Token word = in.take();
        in.expectEnd();
        List<String> known = Arrays.stream(Hook.values()).map(Hook::symbol).toList();
        Hook begun = Hook.byName(word.text())
                .orElseThrow(() -> new AssemblyException(
                        AssemblyProblem.UNKNOWN_HOOK,
                        word,
                        "there is no hook " + word.inWords(),
                        "not a hook",
                        Suggestion.closest(word.text(), known)
                                .map(n -> "did you mean '" + n + "'?")
                                .orElse("the hooks are " + String.join(", ", known))));
        hook = begun;
        names = new HookNames(begun, maps);
        if (programs.putIfAbsent(begun, new CodeAssembler(problems)) != null) {
            throw new AssemblyException(
                    AssemblyProblem.STRUCTURE,
                    word,
                    "hook " + word.inWords() + " has a program already",
                    "a second one",
                    "put both together");
        }
    }

    /** The object, or null when there are problems. */
    private @Nullable PolicyObject object() {
        List<ProgramObject> resolved = new ArrayList<>();
        programs.forEach((of, assembler) -> {
            Code code = assembler.resolve();
            resolved.add(new ProgramObject(of, code.program(), code.lines()));
        });
        if (!problems.isEmpty()) {
            return null;
        }
        String name = policy;
        if (name == null) {
            problems.add(new AssemblyException(
                    AssemblyProblem.STRUCTURE,
                    new Token(Kind.END, "", 1, 1),
                    "the policy has no name",
                    "",
                    "begin with '.policy NAME'"));
            return null;
        }
        AbiVersion version = abi == null ? AbiVersion.CURRENT : abi;
        return new PolicyObject(name, version, maps.definitions(), resolved, source);
    }

    /** Why an object would not fit its format, or null when it does. */
    private static @Nullable Diagnostic oversize(PolicyObject object) {
        try {
            ObjectWriter.write(object);
            return null;
        } catch (ObjectFormatException e) {
            SourceFile source = object.source();
            return e.toDiagnostic(source == null ? object.name() : source.name());
        }
    }
}
