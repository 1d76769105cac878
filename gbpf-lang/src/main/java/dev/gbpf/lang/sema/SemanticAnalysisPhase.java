package dev.gbpf.lang.sema;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.ast.Declaration;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.PolicyUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Resolves names, checks types and folds constants. */
public final class SemanticAnalysisPhase {
    private final PolicyUnit unit;
    private final Reporter reporter;
    private final DeclarationRules rules;
    private final Scope globals = new Scope(null);
    private final Set<String> declaredLater = new HashSet<>();
    private final FunctionAnalyzer functions;
    private final Map<Hook, Identifier> hooks = new EnumMap<>(Hook.class);

    SemanticAnalysisPhase(PolicyUnit unit, Reporter reporter) {
        this.unit = unit;
        this.reporter = reporter;
        this.rules = new DeclarationRules(reporter);
        this.functions = new FunctionAnalyzer(rules, reporter);
    }

    /**
     * The meaning of a policy. It is complete, and fit for code generation, only when {@code diagnostics} has no errors
     * afterwards.
     */
    public static BoundPolicy analyze(PolicyUnit unit, SourceFile source, DiagnosticCollector diagnostics) {
        return new SemanticAnalysisPhase(unit, new Reporter(source, diagnostics)).analyze();
    }

    private BoundPolicy analyze() {
        List<MapSchema> maps = declarations();
        CallGraph calls = functions();
        List<BoundHook> bound = new ArrayList<>();
        for (Declaration declaration : unit.declarations()) {
            if (declaration instanceof Declaration.Hook hook) {
                hook(hook, bound, calls);
            }
        }
        rules.warnUnused(globals);
        if (unit.declarations().stream().noneMatch(Declaration.Hook.class::isInstance)) {
            reporter.message(ErrorCode.NO_HOOKS, unit.name().span(), "this policy has no hooks")
                    .label("every decision takes its default")
                    .help("add one, such as `hook on_dispatch(ctx) { ... }`")
                    .report();
        }
        return new BoundPolicy(unit.name().name(), maps, bound);
    }

    /** Declares what hooks may use; in order, so that a constant is made of those above it only. */
    List<MapSchema> declarations() {
        List<MapSchema> maps = new ArrayList<>();
        Environment environment = Environment.atTopLevel(globals, declaredLater);
        ExpressionAnalyzer expressions = new ExpressionAnalyzer(environment, reporter);
        StructAnalyzer structs = new StructAnalyzer(environment, reporter);
        MapAnalyzer mapAnalyzer = new MapAnalyzer(expressions, structs, reporter);
        unit.declarations().stream()
                .filter(d -> !(d instanceof Declaration.Hook) && !(d instanceof Declaration.Function))
                .forEach(d -> declaredLater.add(d.name().name()));
        for (Declaration declaration : unit.declarations()) {
            switch (declaration) {
                case Declaration.Constant constant ->
                    rules.declare(globals, constant.name(), constant(constant, expressions));
                case Declaration.Struct struct ->
                    rules.declare(
                            globals,
                            struct.name(),
                            new Symbol.Struct(
                                    structs.type(struct), struct.name().span()));
                case Declaration.Map map -> {
                    MapSchema schema = mapAnalyzer.schema(map, maps.size());
                    rules.declare(
                            globals,
                            map.name(),
                            new Symbol.Map(schema, map.name().span()));
                    if (schema != null) {
                        maps.add(schema);
                    }
                }
                case Declaration.Function function -> functions.declare(function, globals, expressions.names());
                case Declaration.Hook _ -> {}
            }
        }
        declaredLater.clear();
        return maps;
    }

    /** Analyses the bodies of the functions, once all names are declared. */
    CallGraph functions() {
        return functions.define(globals);
    }

    /** The names of the policy's constants, maps and functions. */
    Scope globals() {
        return globals;
    }

    private static Symbol.Constant constant(Declaration.Constant declaration, ExpressionAnalyzer expressions) {
        String what = "`" + declaration.name().name() + "`";
        Operand value = expressions.constant(declaration.value(), what);
        Identifier type = declaration.type();
        if (type != null) {
            Type wanted = expressions.names().type(type);
            value = new Operand.Typed(expressions.conversions().require(value, wanted, what));
        }
        return new Symbol.Constant(value, declaration.name().span());
    }

    private void hook(Declaration.Hook declaration, List<BoundHook> bound, CallGraph calls) {
        Identifier name = declaration.name();
        Optional<Hook> hook = Hook.byName(name.name());
        if (hook.isEmpty()) {
            List<String> known = Arrays.stream(Hook.values()).map(Hook::symbol).toList();
            reporter.message(ErrorCode.UNKNOWN_HOOK, name.span(), "there is no hook `" + name.name() + "`")
                    .label("not a hook")
                    .note("the hooks are " + String.join(", ", known))
                    .help(reporter.didYouMean(name.name(), () -> known))
                    .report();
            return;
        }
        Identifier earlier = hooks.putIfAbsent(hook.get(), name);
        if (earlier != null) {
            reporter.message(ErrorCode.DUPLICATE_HOOK, name.span(), "the hook `" + name.name() + "` is there already")
                    .label("second body of the same hook")
                    .note("the first one is in line " + earlier.span().line())
                    .help("put both bodies together")
                    .report();
        }
        Environment environment = Environment.inHook(hook.get(), new Scope(globals));
        rules.declare(
                environment.scope(),
                declaration.context(),
                new Symbol.Context(declaration.context().span()));
        BoundBlock body = new StatementAnalyzer(environment, reporter).body(declaration.body());
        calls.checkHelpers(environment.calls(), hook.get());
        bound.add(
                new BoundHook(hook.get(), body, name.span(), declaration.body().end()));
    }
}
