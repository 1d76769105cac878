package dev.gbpf.lang.sema;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Declaration;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.PolicyUnit;
import dev.gbpf.lang.module.Module;
import dev.gbpf.lang.module.Modules;
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
    private final Module module;
    private final PolicyUnit unit;
    private final Reporter reporter;
    private final DeclarationRules rules;
    private final ModuleScopes modules;
    private final Scope globals;
    private final Set<String> declaredLater = new HashSet<>();
    private final FunctionAnalyzer functions;
    private final Map<Hook, Identifier> hooks = new EnumMap<>(Hook.class);

    SemanticAnalysisPhase(Module module, ModuleScopes modules) {
        this.module = module;
        this.unit = module.unit();
        this.modules = modules;
        this.globals = modules.open(module);
        this.reporter = new Reporter(module.source(), module.diagnostics());
        this.rules = new DeclarationRules(reporter);
        this.functions = new FunctionAnalyzer(module, rules, reporter);
    }

    /** The meaning of a policy. It is complete, and fit for code generation, only when no file has errors afterwards. */
    public static BoundPolicy analyze(Modules modules) {
        ModuleScopes scopes = new ModuleScopes();
        List<BoundHook> hooks = List.of();
        for (Module module : modules.files()) {
            hooks = new SemanticAnalysisPhase(module, scopes).analyze();
        }
        return new BoundPolicy(modules.main().unit().name().name(), scopes.maps(), hooks);
    }

    private List<BoundHook> analyze() {
        declarations();
        List<BoundHook> bound = new ArrayList<>();
        for (Declaration declaration : unit.declarations()) {
            if (declaration instanceof Declaration.Hook hook) {
                hook(hook, bound);
            }
        }
        ModuleScopes.warnUnused(module, reporter);
        if (!unit.isModule()) {
            rules.warnUnused(globals);
        }
        if (module.isMain() && unit.declarations().stream().noneMatch(Declaration.Hook.class::isInstance)) {
            reportNoHooks();
        }
        return bound;
    }

    private void reportNoHooks() {
        String name = unit.name().name();
        reporter.message(
                        ErrorCode.NO_HOOKS,
                        unit.name().span(),
                        unit.isModule() ? "this is a module, not a policy" : "this policy has no hooks")
                .label(unit.isModule() ? "it has no hooks" : "every decision takes its default")
                .help(
                        unit.isModule()
                                ? "import it in a policy: `import \"" + name + ".gbpf\";`"
                                : "add one, such as `hook on_dispatch(ctx) { ... }`")
                .report();
    }

    /** Declares what hooks may use; in order, so that a constant is made of those above it only. */
    void declarations() {
        Environment environment = Environment.atTopLevel(globals, declaredLater);
        ExpressionAnalyzer expressions = new ExpressionAnalyzer(environment, reporter);
        StructAnalyzer structs = new StructAnalyzer(environment, reporter);
        MapAnalyzer maps = new MapAnalyzer(expressions, structs, reporter);
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
                    MapSchema schema = maps.schema(map, module, modules.maps());
                    rules.declare(
                            globals,
                            map.name(),
                            new Symbol.Map(schema, map.name().span()));
                    if (schema != null) {
                        modules.maps().add(schema);
                    }
                }
                case Declaration.Function function -> functions.declare(function, globals, expressions.names());
                case Declaration.Hook _ -> {}
            }
        }
        declaredLater.clear();
        functions.define(globals, modules.calls());
    }

    /** The names of the file's constants, maps and functions, and of those that it imports. */
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

    private void hook(Declaration.Hook declaration, List<BoundHook> bound) {
        Identifier name = declaration.name();
        if (unit.isModule()) {
            reporter.message(ErrorCode.HOOK_IN_MODULE, name.span(), "a module has no hooks")
                    .label("belongs to a policy")
                    .help("make it a function that the hooks of policies call: `fn " + name.name() + "(...) { ... }`")
                    .report();
            return;
        }
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
        modules.calls().checkHelpers(environment.calls(), hook.get(), reporter);
        bound.add(
                new BoundHook(hook.get(), body, name.span(), declaration.body().end()));
    }
}
