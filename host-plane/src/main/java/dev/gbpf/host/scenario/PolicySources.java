package dev.gbpf.host.scenario;

import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.asm.PolicyAssemblyResult;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.library.ModuleFiles;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.result.SourceText;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.ObjectFormatException;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.SignedObject;
import dev.gbpf.object.elf.ElfFormatException;
import dev.gbpf.object.elf.ElfObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the policies that a scenario names, compiles them, and has them verified before anything runs. */
final class PolicySources {
    private static final int MAX_BYTES = 16 << 20;

    private final PolicyLibrary library;
    private final Path folder;

    PolicySources(PolicyLibrary library, Path folder) {
        this.library = library;
        this.folder = folder;
    }

    /**
     * A policy, ready to be loaded.
     *
     * @param label what reports call it: its name in the library, or the name of its file
     * @param object null for bypass
     * @param source its text, or null when there is none
     */
    record Prepared(
            String label,
            @Nullable PolicyObject object,
            @Nullable SourceText source) {}

    /**
     * Prepares a policy.
     *
     * @throws ScenarioException when it is not there, does not compile, or is refused by the verifier
     */
    Prepared prepare(PolicyRef policy) {
        String text = policy.text();
        if (text.equals(ActivationRecord.BYPASS)) {
            return new Prepared(text, null, null);
        }
        if (policy.isPath()) {
            return file(text);
        }
        SourceFile source = library.policy(text)
                .orElseThrow(() -> refused(text, "the policy library has no policy " + text, null))
                .source();
        return compiled(text, source, ModuleFiles.none());
    }

    private Prepared file(String text) {
        String label = text.substring(text.lastIndexOf('/') + 1, text.lastIndexOf('.'));
        byte[] bytes;
        try (InputStream in = Files.newInputStream(folder.resolve(text))) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw refused(text, "the policy cannot be read: " + e.getClass().getSimpleName(), null);
        }
        if (bytes.length > MAX_BYTES) {
            throw refused(text, "the policy is longer than " + MAX_BYTES + " bytes", null);
        }
        if (text.endsWith(".gbo") || text.endsWith(".o")) {
            return object(text, label, bytes);
        }
        SourceFile source = source(text, bytes);
        return text.endsWith(PolicyAssembler.SUFFIX)
                ? assembled(label, source)
                : compiled(label, source, ModuleFiles.beside(folder.resolve(text), text));
    }

    private static SourceFile source(String name, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new SourceFile(name, text);
        } catch (CharacterCodingException e) {
            throw refused(name, "the policy is not a text in UTF-8", "a compiled object ends in .gbo");
        }
    }

    private static Prepared object(String name, String label, byte[] bytes) {
        PolicyObject object;
        try {
            object = ElfObjectReader.isElf(bytes)
                    ? ElfObjectReader.read(bytes, name)
                    : ObjectReader.read(SignedObject.read(bytes).object());
        } catch (ObjectFormatException e) {
            throw new ScenarioException(List.of(e.toDiagnostic(name)), null);
        } catch (ElfFormatException e) {
            throw new ScenarioException(List.of(e.toDiagnostic(name)), null);
        }
        SourceFile source = object.source();
        String text =
                source == null ? "compiled object, tag " + ObjectHash.of(object).tag() + "\n" : source.text();
        return verified(label, name, object, new SourceText("policy", name.substring(name.lastIndexOf('/') + 1), text));
    }

    private static Prepared assembled(String label, SourceFile source) {
        return switch (PolicyAssembler.assemble(source)) {
            case PolicyAssemblyResult.Assembled(PolicyObject object) ->
                verified(label, source.name(), object, text(source));
            case PolicyAssemblyResult.Failed(List<Diagnostic> diagnostics) ->
                throw new ScenarioException(diagnostics, source);
        };
    }

    private static SourceText text(SourceFile source) {
        return new SourceText("policy", source.name().substring(source.name().lastIndexOf('/') + 1), source.text());
    }

    private static Prepared compiled(String label, SourceFile source, ModuleFiles modules) {
        return switch (PolicyCompiler.compile(source, modules)) {
            case CompileResult.Compiled(PolicyObject object, List<Diagnostic> warnings) ->
                verified(label, source.name(), object, text(source));
            case CompileResult.Failed(List<Diagnostic> diagnostics) ->
                throw new ScenarioException(diagnostics, modules.with(source));
        };
    }

    /** Loads the policy once with maps of its own, so that no run stops half way for a policy that cannot be loaded. */
    private static Prepared verified(String label, String name, PolicyObject object, SourceText source) {
        try (MapRegistry trial = new MapRegistry()) {
            return switch (new ImageLoader(trial).load(object)) {
                case LoadResult.Rejected rejected ->
                    throw new ScenarioException(rejected.diagnostics(), object.source());
                case LoadResult.Loaded loaded -> {
                    loaded.image().discard();
                    yield new Prepared(label, object, source);
                }
            };
        } catch (IllegalArgumentException e) {
            throw refused(name, String.valueOf(e.getMessage()), null);
        }
    }

    private static ScenarioException refused(String name, String message, @Nullable String help) {
        return new ScenarioException(
                List.of(new Diagnostic(
                        Problems.UNKNOWN_NAME, Severity.ERROR, message, name, null, "", List.of(), help)),
                null);
    }
}
