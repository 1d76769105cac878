package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Declaration;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.module.Module;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the meaning of functions: first of their signatures, so that they may call each other, then of their bodies. */
final class FunctionAnalyzer {
    private final Module module;
    private final Reporter reporter;
    private final DeclarationRules rules;
    private final List<Declared> declared = new ArrayList<>();

    FunctionAnalyzer(Module module, DeclarationRules rules, Reporter reporter) {
        this.module = module;
        this.rules = rules;
        this.reporter = reporter;
    }

    private record Declared(Declaration.Function declaration, BoundFunction function) {}

    /** Declares a function by its signature. */
    void declare(Declaration.Function declaration, Scope globals, NameResolver names) {
        List<Variable> parameters = new ArrayList<>();
        for (Declaration.Parameter parameter : declaration.parameters()) {
            Identifier name = parameter.name();
            parameters.add(
                    new Variable(name.name(), names.type(parameter.type()), Variable.Kind.PARAMETER, name.span()));
        }
        if (parameters.size() > BoundFunction.MAX_PARAMETERS) {
            reporter.message(
                            ErrorCode.TOO_MANY_PARAMETERS,
                            parameters.get(BoundFunction.MAX_PARAMETERS).span(),
                            "`" + declaration.name().name() + "` has " + parameters.size() + " parameters")
                    .label("at most " + BoundFunction.MAX_PARAMETERS + " are allowed")
                    .note("arguments are passed in registers, of which there are " + BoundFunction.MAX_PARAMETERS)
                    .help("pass what belongs together as one number, or read it from a map in the function")
                    .report();
        }
        Identifier result = declaration.result();
        @Nullable Type type = result == null ? null : names.type(result);
        BoundFunction function = new BoundFunction(
                declaration.name().name(),
                parameters,
                type,
                declaration.name().span(),
                declaration.body().end(),
                module);
        rules.declare(globals, declaration.name(), new Symbol.Function(function));
        declared.add(new Declared(declaration, function));
    }

    /** Analyses the bodies of all functions that were declared, and adds the calls between them to a graph. */
    void define(Scope globals, CallGraph calls) {
        for (Declared each : declared) {
            BoundFunction function = each.function();
            Environment environment = Environment.inFunction(function, new Scope(globals));
            List<Declaration.Parameter> parameters = each.declaration().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                Variable variable = function.parameters().get(i);
                rules.declare(environment.scope(), parameters.get(i).name(), new Symbol.Local(variable, null));
            }
            function.define(new StatementAnalyzer(environment, reporter)
                    .function(function, each.declaration().body()));
            rules.warnUnused(environment.scope());
        }
        calls.add(declared.stream().map(Declared::function).toList(), reporter);
    }
}
