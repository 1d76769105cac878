package dev.gbpf.lang.module;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.lang.ast.Import;
import dev.gbpf.lang.ast.PolicyUnit;
import dev.gbpf.lang.module.ModuleResolver.Resolution;
import dev.gbpf.lang.syntax.ParserMode;
import dev.gbpf.lang.syntax.PolicyParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses a source and, one after the other, everything that it imports. */
public final class ModuleLoader {
    /** Files that a policy may import, those that its imports import counted. */
    static final int MAX_MODULES = 32;
    /** UTF-16 units of all of them. */
    static final int MAX_LENGTH = 1 << 20;

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\\.gbpf");

    private final ModuleResolver resolver;
    private final ParserMode mode;
    private final Map<String, Optional<Module>> loaded = new HashMap<>();
    private final Map<String, Import> open = new LinkedHashMap<>();
    private final List<Module> inOrder = new ArrayList<>();
    private final List<SourceFile> imported = new ArrayList<>();
    private final List<Diagnostic> errors = new ArrayList<>();
    private int lines;
    private int length;

    private ModuleLoader(ModuleResolver resolver, ParserMode mode) {
        this.resolver = resolver;
        this.mode = mode;
    }

    /** What became of a source and its imports. */
    public sealed interface Result {
        /** All files were parsed. */
        record Loaded(Modules modules) implements Result {}

        /** Some cannot be parsed or found. */
        record Failed(List<Diagnostic> errors) implements Result {
            public Failed {
                errors = List.copyOf(errors);
            }
        }
    }

    /** The files of a source. */
    public static Result load(SourceFile source, ModuleResolver resolver, ParserMode mode) {
        SourceFile alone = new SourceFile(source.name(), source.text());
        ModuleLoader loader = new ModuleLoader(resolver, mode);
        Optional<Module> module = loader.parse(alone.name(), alone, 0);
        if (module.isEmpty() || !loader.errors.isEmpty()) {
            return new Result.Failed(loader.errors);
        }
        SourceFile all = new SourceFile(alone.name(), alone.text(), loader.imported);
        return new Result.Loaded(new Modules(loader.inOrder, all));
    }

    private Optional<Module> parse(String key, SourceFile source, int linesBefore) {
        DiagnosticCollector diagnostics = new DiagnosticCollector(source.name());
        Optional<PolicyUnit> unit = PolicyParser.parse(source, diagnostics, mode);
        if (unit.isPresent() && linesBefore > 0 && !unit.get().isModule()) {
            diagnostics
                    .message(ErrorCode.NOT_A_MODULE, unit.get().name().span(), "a policy cannot be imported")
                    .label("this file is one")
                    .help("move what is shared to a file that begins with `module "
                            + unit.get().name().name() + ";`")
                    .report();
        }
        if (unit.isEmpty() || diagnostics.hasErrors()) {
            errors.addAll(diagnostics.errors());
            return Optional.empty();
        }
        lines += source.lineCount();
        Map<String, Module> imports = new LinkedHashMap<>();
        for (Import wanted : unit.get().imports()) {
            if (imports.containsKey(wanted.alias().name())) {
                diagnostics
                        .message(
                                ErrorCode.DUPLICATE_NAME,
                                wanted.alias().span(),
                                "`" + wanted.alias().name() + "` is imported already")
                        .label("imported again here")
                        .help("give one of them another name: `import ... as other_name;`")
                        .report();
                continue;
            }
            @Nullable Module module = resolve(wanted, key, diagnostics);
            if (module != null) {
                imports.put(wanted.alias().name(), module);
            }
        }
        Module module = new Module(unit.get(), source, linesBefore, imports, diagnostics);
        errors.addAll(diagnostics.errors());
        inOrder.add(module);
        return Optional.of(module);
    }

    /** The module of an import; null after a complaint. */
    private @Nullable Module resolve(Import wanted, String importer, DiagnosticCollector diagnostics) {
        if (wanted.standard()) {
            Optional<SourceFile> source = StandardModules.find(wanted.path());
            if (source.isEmpty()) {
                reportUnknown(wanted, diagnostics);
                return null;
            }
            return load(StandardModules.LIBRARY + "::" + wanted.path(), source.get(), wanted, diagnostics);
        }
        String path = wanted.path().startsWith("./") ? wanted.path().substring(2) : wanted.path();
        if (!isSafe(path)) {
            diagnostics
                    .message(ErrorCode.IMPORT_PATH, wanted.span(), "this path cannot be imported")
                    .label("not a path below this file's folder")
                    .note("a path is made of letters, digits, `_`, `-` and `.`, with `/` between folders; it does not"
                            + " lead upwards, and it ends with `.gbpf`")
                    .help("for example: `import \"lib/common.gbpf\";`")
                    .report();
            return null;
        }
        return switch (resolver.resolve(path, importer)) {
            case Resolution.Found(String key, SourceFile source) -> load(key, source, wanted, diagnostics);
            case Resolution.Absent(String reason) -> {
                diagnostics
                        .message(
                                ErrorCode.UNKNOWN_MODULE,
                                wanted.span(),
                                "cannot import `" + wanted.path() + "`: " + reason)
                        .label("no such module")
                        .report();
                yield null;
            }
        };
    }

    private static boolean isSafe(String path) {
        return PATH.matcher(path).matches()
                && Arrays.stream(path.split("/", -1)).noneMatch(p -> p.equals(".") || p.equals(".."));
    }

    private @Nullable Module load(String key, SourceFile found, Import wanted, DiagnosticCollector diagnostics) {
        if (open.containsKey(key)) {
            reportCircle(key, wanted, diagnostics);
            return null;
        }
        Optional<Module> known = loaded.get(key);
        if (known != null) {
            // What is wrong with it was said where it was imported first.
            return known.orElse(null);
        }
        SourceFile source = new SourceFile(found.name(), found.text());
        length += source.text().length();
        if (imported.size() == MAX_MODULES || length > MAX_LENGTH) {
            diagnostics
                    .message(ErrorCode.TOO_MANY_MODULES, wanted.span(), "this policy imports too much")
                    .label("no room for this one")
                    .note("at most " + MAX_MODULES + " modules with " + MAX_LENGTH + " characters in all")
                    .help("put small modules together")
                    .report();
            return null;
        }
        imported.add(source);
        open.put(key, wanted);
        Optional<Module> module = parse(key, source, lines);
        open.remove(key);
        loaded.put(key, module);
        return module.orElse(null);
    }

    private static void reportUnknown(Import wanted, DiagnosticCollector diagnostics) {
        String known = StandardModules.names().stream()
                .map(n -> StandardModules.LIBRARY + "::" + n)
                .collect(Collectors.joining(", "));
        diagnostics
                .message(
                        ErrorCode.UNKNOWN_MODULE,
                        wanted.span(),
                        "there is no module `" + StandardModules.LIBRARY + "::" + wanted.path() + "`")
                .label("no such module")
                .note("the modules are " + known)
                .help(Suggestion.closest(wanted.path(), StandardModules.names())
                        .map(n -> "did you mean `" + StandardModules.LIBRARY + "::" + n + "`?")
                        .orElse(null))
                .report();
    }

    private void reportCircle(String key, Import wanted, DiagnosticCollector diagnostics) {
        List<String> circle = new ArrayList<>();
        boolean inCircle = false;
        for (Map.Entry<String, Import> step : open.entrySet()) {
            inCircle |= step.getKey().equals(key);
            if (inCircle) {
                circle.add("`" + step.getValue().path() + "`");
            }
        }
        circle.add("`" + wanted.path() + "`");
        diagnostics
                .message(ErrorCode.IMPORT_CYCLE, wanted.span(), "these modules import each other")
                .label("closes the circle " + String.join(" -> ", circle))
                .help("move what both need to a third module")
                .report();
    }
}
