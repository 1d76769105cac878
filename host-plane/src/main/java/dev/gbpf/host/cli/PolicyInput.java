package dev.gbpf.host.cli;

import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.asm.PolicyAssemblyResult;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.library.ModuleFiles;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.library.PolicyLibrary.LibraryPolicy;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.ObjectFormatException;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.SignedObject;
import dev.gbpf.object.elf.ElfFormatException;
import dev.gbpf.object.elf.ElfObjectReader;
import java.util.List;
import java.util.Optional;

/**
 * A policy that the user named, ready for use: compiled from its source, or read from an object file.
 *
 * @param name what messages call it, usually the path as the user gave it
 * @param object the policy
 * @param warnings what the compiler had to say
 */
record PolicyInput(String name, PolicyObject object, List<Diagnostic> warnings) {
    private static final int[] OBJECT_MAGIC = {0x89, 'G', 'B', 'O'};

    PolicyInput {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a source or an object file, gBPF's or clang's, whichever the content is; a file {@code NAME.c} is C, one {@code
     * NAME.gasm} assembly.
     *
     * @throws CliException when the file cannot be read
     * @throws DiagnosticException when it does not compile, or is no valid object
     */
    static PolicyInput read(Console console, String file) {
        return of(console, InputFile.read(console, file, "policy"));
    }

    /**
     * The policy that a file holds.
     *
     * @throws CliException when it cannot be compiled here
     * @throws DiagnosticException when it does not compile, or is no valid object
     */
    static PolicyInput of(Console console, InputFile input) {
        if (isObject(input)) {
            return readObject(input);
        }
        if (ElfObjectReader.isElf(input.bytes())) {
            return elf(input.name(), input.bytes());
        }
        if (input.name().endsWith(".gbo") || input.name().endsWith(".o")) {
            throw new CliException(
                    ExitCode.INPUT,
                    input.name() + " is no compiled policy: it begins as neither gBPF's objects do nor ELF's",
                    "gbpf compile makes them, and clang; a source ends in .gbpf, .gasm or .c");
        }
        if (isAssembly(input.name())) {
            return assemble(input.text());
        }
        return CCompiler.isSource(input.name())
                ? CCompiler.compile(console, input)
                : compile(input.text(), input.modules());
    }

    /**
     * Reads a policy of the library by its name, or a file by its path. A path has a slash or a dot.
     *
     * @throws CliException when there is no such policy or file
     * @throws DiagnosticException when it does not compile, or is no valid object
     */
    static PolicyInput named(Console console, PolicyLibrary library, String reference) {
        Optional<LibraryPolicy> policy = library.policy(reference);
        if (policy.isPresent()) {
            return compile(policy.get().source());
        }
        if (reference.equals("-") || reference.indexOf('/') >= 0 || reference.indexOf('.') >= 0) {
            return read(console, reference);
        }
        throw unknown(library, reference);
    }

    /** The error for a name that the library does not have. */
    static CliException unknown(PolicyLibrary library, String name) {
        return new CliException(
                ExitCode.INPUT,
                "the policy library has no policy " + name,
                Suggestion.closest(name, library.names())
                        .map(n -> "did you mean " + n + "?")
                        .orElse("it has " + String.join(", ", library.names()) + "; a file needs its suffix"));
    }

    /** Whether a file is a compiled policy in gBPF's own format. */
    static boolean isObject(InputFile input) {
        return input.startsWith(OBJECT_MAGIC);
    }

    /**
     * Compiles a source that imports no files.
     *
     * @throws DiagnosticException when it does not compile
     */
    static PolicyInput compile(SourceFile source) {
        return compile(source, ModuleFiles.none());
    }

    private static PolicyInput compile(SourceFile source, ModuleFiles modules) {
        return switch (PolicyCompiler.compile(source, modules)) {
            case CompileResult.Compiled(PolicyObject object, List<Diagnostic> warnings) ->
                new PolicyInput(source.name(), object, warnings);
            case CompileResult.Failed(List<Diagnostic> diagnostics) ->
                throw new DiagnosticException(
                        ExitCode.COMPILE, source.name() + " does not compile", diagnostics, modules.with(source));
        };
    }

    /** Whether a file is taken for a policy in assembly. */
    static boolean isAssembly(String name) {
        return name.endsWith(PolicyAssembler.SUFFIX);
    }

    /**
     * Assembles a policy.
     *
     * @throws DiagnosticException when it has errors
     */
    static PolicyInput assemble(SourceFile source) {
        return switch (PolicyAssembler.assemble(source)) {
            case PolicyAssemblyResult.Assembled(PolicyObject object) ->
                new PolicyInput(source.name(), object, List.of());
            case PolicyAssemblyResult.Failed(List<Diagnostic> diagnostics) ->
                throw new DiagnosticException(
                        ExitCode.COMPILE, source.name() + " does not assemble", diagnostics, source);
        };
    }

    /**
     * Reads an object that clang made.
     *
     * @throws DiagnosticException when it is no policy
     */
    static PolicyInput elf(String name, byte[] bytes) {
        try {
            return new PolicyInput(name, ElfObjectReader.read(bytes, name), List.of());
        } catch (ElfFormatException e) {
            throw new DiagnosticException(
                    ExitCode.INPUT, name + " is not a usable policy object", List.of(e.toDiagnostic(name)), null);
        }
    }

    private static PolicyInput readObject(InputFile input) {
        try {
            return new PolicyInput(
                    input.name(),
                    ObjectReader.read(SignedObject.read(input.bytes()).object()),
                    List.of());
        } catch (ObjectFormatException e) {
            throw new DiagnosticException(
                    ExitCode.INPUT,
                    input.name() + " is not a usable policy object",
                    List.of(e.toDiagnostic(input.name())),
                    null);
        }
    }
}
