package dev.gbpf.lang.module;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.asm.PolicyDisassembler;
import dev.gbpf.asm.Syntax;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.lang.policytest.TestCompileResult;
import dev.gbpf.lang.policytest.TestCompiler;
import dev.gbpf.lang.testing.ReferenceMachine;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports of modules, whose files a map holds. */
class ModuleTest implements ModuleResolver {
    private final Map<String, String> files = new HashMap<>();

    @Override
    public Resolution resolve(String path, String importer) {
        String folder = files.containsKey(importer) ? importer.substring(0, importer.lastIndexOf('/') + 1) : "";
        String text = files.get(folder + path);
        return text == null
                ? new Resolution.Absent("there is no such file")
                : new Resolution.Found(folder + path, new SourceFile("dir/" + folder + path, text));
    }

    private CompileResult compile(String text) {
        return PolicyCompiler.compile(new SourceFile("main.gbpf", text), this);
    }

    private PolicyObject compiled(String text) {
        return switch (compile(text)) {
            case CompileResult.Compiled(PolicyObject object, var _) -> object;
            case CompileResult.Failed(var errors) ->
                throw new AssertionError(new DiagnosticRenderer(null, false).render(errors));
        };
    }

    private List<String> errors(String text) {
        return ((CompileResult.Failed) compile(text))
                .diagnostics().stream().map(ModuleTest::show).toList();
    }

    private List<String> warnings(String text) {
        return ((CompileResult.Compiled) compile(text))
                .warnings().stream().map(ModuleTest::show).toList();
    }

    private static String show(Diagnostic diagnostic) {
        var span = diagnostic.span();
        return diagnostic.code() + " " + diagnostic.file() + ":" + (span == null ? 0 : span.line());
    }

    /** What on_tick passes to dsq_len. */
    private static List<Long> run(PolicyObject object) {
        List<Long> seen = new ArrayList<>();
        new ReferenceMachine(object, call -> {
                    seen.add(call.arguments().getFirst());
                    return 0;
                })
                .run(
                        object.program(Hook.ON_TICK).orElseThrow().program(),
                        new byte[Hook.ON_TICK.context().size()]);
        return seen;
    }

    @Test
    void functionsConstantsAndMaps_areSeenUnderTheNameOfTheModule() {
        files.put("lib/common.gbpf", """
                module common;
                const SCALE = 10;
                const _HIDDEN = 3;
                map counts: array<u64>[4];
                fn scaled(x: u64) -> u64 { counts[1] += 1; return x * SCALE + _HIDDEN; }
                """);
        PolicyObject object = compiled("""
                policy p;
                import "lib/common.gbpf";
                import "./lib/common.gbpf" as again;
                map counts: array<u64>[common::SCALE];
                hook on_tick(ctx) {
                    counts[1] = 5;
                    dsq_len(common::scaled(4) + common::SCALE);
                    common::counts[2] = again::scaled(1);
                    match counts[1] { common::SCALE => { dsq_len(1); } _ => { dsq_len(common::counts[1]); } }
                }
                """);
        assertThat(run(object)).containsExactly(53L, 2L);
        assertThat(object.maps())
                .extracting(MapDefinition::name, MapDefinition::maxEntries)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("common_counts", 4),
                        org.assertj.core.groups.Tuple.tuple("counts", 10));
    }

    @Test
    void modules_importEachOtherInATree_oneTimeEach() {
        files.put("a.gbpf", "module a; import \"sub/b.gbpf\"; fn f() -> u64 { return b::f() + 1; }");
        files.put("sub/b.gbpf", "module b; import \"c.gbpf\"; fn f() -> u64 { return c::f() + 10; }");
        files.put("sub/c.gbpf", "module c; map m: array<u64>[1]; fn f() -> u64 { m[0] += 1; return m[0] * 100; }");
        PolicyObject object = compiled("policy p; import \"a.gbpf\"; import \"sub/c.gbpf\";"
                + "hook on_tick(ctx) { dsq_len(a::f()); dsq_len(c::f()); }");
        assertThat(run(object)).containsExactly(111L, 200L);
        assertThat(object.maps()).hasSize(1);
    }

    @Test
    void whatAModuleImportsOrHides_isNotSeen() {
        files.put(
                "a.gbpf",
                "module a; import \"b.gbpf\"; fn _own() -> u64 { return b::f(); } fn f() -> u64 { return _own(); }");
        files.put("b.gbpf", "module b; fn f() -> u64 { return 7; }");
        String policy = "policy p; import \"a.gbpf\"; hook on_tick(ctx) {\ndsq_len(%s); }";
        assertThat(run(compiled(policy.formatted("a::f()")))).containsExactly(7L);
        assertThat(errors(policy.formatted("a::_own()"))).containsExactly("E0104 main.gbpf:2");
        assertThat(errors(policy.formatted("a::b::f()"))).contains("E0010 main.gbpf:2");
        assertThat(errors(policy.formatted("b::f()"))).containsExactly("E0104 main.gbpf:2");
        assertThat(errors(policy.formatted("a::NOPE"))).containsExactly("E0101 main.gbpf:2");
    }

    @Test
    void mistakesInAModule_areReportedThere() {
        files.put("a.gbpf", "module a;\n\nfn f() -> u64 {\n    return nope;\n}\n");
        assertThat(errors("policy p; import \"a.gbpf\"; hook on_tick(ctx) {\n dsq_len(a::f() + missing); }"))
                .containsExactly("E0101 main.gbpf:2", "E0101 dir/a.gbpf:4");
        files.put("a.gbpf", "module a;\n\nfn f( {\n");
        assertThat(errors("policy p; import \"a.gbpf\"; hook on_tick(ctx) { dsq_len(a::f()); }"))
                .allMatch(e -> e.contains("dir/a.gbpf"))
                .isNotEmpty();
    }

    @Test
    void excerpt_isOfTheFileWithTheMistake() {
        SourceFile main =
                new SourceFile("main.gbpf", "policy p;", List.of(new SourceFile("a.gbpf", "module a;\nfn f( {\n")));
        Diagnostic diagnostic = new Diagnostic(
                "E0001",
                dev.gbpf.diagnostic.Severity.ERROR,
                "message",
                "a.gbpf",
                new dev.gbpf.diagnostic.SourceSpan(2, 4, 2),
                "here",
                List.of(),
                null);
        assertThat(new DiagnosticRenderer(main, false).render(diagnostic)).contains("2 | fn f( {");
        assertThat(new DiagnosticRenderer(new SourceFile("main.gbpf", "x\ny"), false).render(diagnostic))
                .contains("a.gbpf:2:4")
                .doesNotContain("| y");
    }

    @Test
    void importsInACircle_areRefused() {
        files.put("a.gbpf", "module a;\nimport \"b.gbpf\";");
        files.put("b.gbpf", "module b;\n\nimport \"a.gbpf\";");
        CompileResult result = compile("policy p; import \"a.gbpf\"; hook on_tick(ctx) { }");
        assertThat(((CompileResult.Failed) result).diagnostics())
                .singleElement()
                .satisfies(d -> {
                    assertThat(show(d)).isEqualTo("E0111 dir/b.gbpf:3");
                    assertThat(d.label()).isEqualTo("closes the circle `a.gbpf` -> `b.gbpf` -> `a.gbpf`");
                });
    }

    @Test
    void policy_isNotImported() {
        files.put("a.gbpf", "policy a; hook init(ctx) { }");
        assertThat(errors("policy p; import \"a.gbpf\"; hook on_tick(ctx) { }")).containsExactly("E0113 dir/a.gbpf:1");
        files.put("a.gbpf", "module a; hook init(ctx) { }");
        assertThat(errors("policy p; import \"a.gbpf\"; hook on_tick(ctx) { }")).containsExactly("E0114 dir/a.gbpf:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../a.gbpf",
                "/etc/a.gbpf",
                "lib/../../a.gbpf",
                "lib/./a.gbpf",
                "a",
                "a.txt",
                "",
                "lib//a.gbpf",
                "..gbpf/a",
                "C:a.gbpf",
                "lib\\a.gbpf",
                "a.gbpf/",
                "~/a.gbpf",
                "a b.gbpf",
                "\u00e4.gbpf",
                "././a.gbpf"
            })
    void path_thatMayLeadElsewhere_isNotEvenResolved(String path) {
        CompileResult result = PolicyCompiler.compile(
                new SourceFile("main.gbpf", "policy p; import \"" + path + "\" as a; hook on_tick(ctx) { }"),
                (p, _) -> {
                    throw new AssertionError("resolved " + p);
                });
        assertThat(((CompileResult.Failed) result).diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly("E0112");
    }

    @Test
    void unknownModules_areRefused() {
        assertThat(errors("policy p; import \"a.gbpf\"; hook on_tick(ctx) { }")).containsExactly("E0110 main.gbpf:1");
        assertThat(errors("policy p; import std::nope; hook on_tick(ctx) { }")).containsExactly("E0110 main.gbpf:1");
        assertThat(errors("policy p; import other::nope; hook on_tick(ctx) { }"))
                .containsExactly("E0110 main.gbpf:1");
        assertThat(errors("policy p; import vtime; hook on_tick(ctx) { }")).containsExactly("E0110 main.gbpf:1");
    }

    @Test
    void oneName_forTwoModules_isRefused() {
        assertThat(errors("policy p; import std::vtime; import std::ewma as vtime; hook on_tick(ctx) { }"))
                .containsExactly("E0102 main.gbpf:1");
    }

    @Test
    void idleImport_isAWarning_unlessATestUsesIt() {
        String policy = "policy p; import std::vtime; hook on_tick(ctx) { kick(0); }";
        assertThat(warnings(policy)).containsExactly("E0915 main.gbpf:1");
        assertThat(warnings(policy + "test \"a\" { expect vtime::advance(1, 2) == 2; }"))
                .isEmpty();
    }

    @Test
    void tooManyModules_areRefused() {
        StringBuilder policy = new StringBuilder("policy p;");
        for (int i = 0; i < 40; i++) {
            files.put("m" + i + ".gbpf", "module m" + i + ";");
            policy.append("import \"m").append(i).append(".gbpf\";\n");
        }
        assertThat(errors(policy + "hook on_tick(ctx) { }")).hasSize(8).allMatch(e -> e.startsWith("E0115"));
        files.put("m0.gbpf", "module m0; //" + "x".repeat(600_000));
        files.put("m1.gbpf", "module m1; //" + "x".repeat(600_000));
        assertThat(errors("policy p; import \"m0.gbpf\"; import \"m1.gbpf\"; hook on_tick(ctx) { }"))
                .containsExactly("E0115 main.gbpf:1");
    }

    @Test
    void longChainOfImports_isRefused() {
        for (int i = 0; i < 100; i++) {
            files.put("m" + i + ".gbpf", "module m" + i + "; import \"m" + (i + 1) + ".gbpf\";");
        }
        files.put("m100.gbpf", "module m100;");
        assertThat(errors("policy p; import \"m0.gbpf\"; hook on_tick(ctx) { }"))
                .containsExactly("E0115 dir/m31.gbpf:1");
    }

    @Test
    void mapsOfOneName_areRefused() {
        files.put("a.gbpf", "module a; map m: array<u64>[1]; fn f() -> u64 { return m[0]; }");
        assertThat(
                        errors(
                                "policy p; import \"a.gbpf\"; map a_m: array<u64>[1];\nhook on_tick(ctx) { dsq_len(a::f() + a_m[0]); }"))
                .containsExactly("E0102 main.gbpf:1");
    }

    @Test
    void helperThatAHookMustNotCall_isReportedThroughModules() {
        files.put("a.gbpf", "module a;\nfn put(q: u64) { dsq_insert(q); }");
        CompileResult result = compile("policy p; import \"a.gbpf\";\nhook on_tick(ctx) { a::put(1); }");
        assertThat(((CompileResult.Failed) result).diagnostics())
                .singleElement()
                .satisfies(d -> {
                    assertThat(show(d)).isEqualTo("E0406 main.gbpf:2");
                    assertThat(d.notes().getFirst()).isEqualTo("`put` calls `dsq_insert` in line 2 of dir/a.gbpf");
                });
    }

    @Test
    void lineInfo_namesTheFile_evenInAnObjectThatWasWritten() {
        files.put("a.gbpf", """
                module a;

                // Too large to stand in place of its calls.
                fn f(x: u64) -> u64 {
                    log(x, 1); log(x, 2); log(x, 3); log(x, 4);
                    return x / 3;
                }
                fn small(x: u64) -> u64 { return x / 5; }
                """);
        PolicyObject object = compiled(
                "policy p;\nimport \"a.gbpf\";\nhook on_tick(ctx) { log(a::f(1), a::small(a::f(ctx.tick))); }");
        PolicyObject read = ObjectReader.read(ObjectWriter.write(object));
        assertThat(read).isEqualTo(object);
        String listing = PolicyDisassembler.disassemble(read, Syntax.LLVM);
        assertThat(listing)
                .contains("// dir/a.gbpf:6: return x / 3;")
                .contains("// dir/a.gbpf:8: fn small")
                .contains("// main.gbpf:3: hook on_tick");
    }

    @Test
    void test_ofAModule_compiles() {
        TestCompileResult result = TestCompiler.compile(
                new SourceFile("m.gbpf", "module m; fn f() -> u64 { return 4; } test \"a\" { expect f() == 4; }"),
                this);
        assertThat(result).isInstanceOf(TestCompileResult.Compiled.class);
        assertThat(((TestCompileResult.Compiled) result).tests()).hasSize(1);
    }
}
