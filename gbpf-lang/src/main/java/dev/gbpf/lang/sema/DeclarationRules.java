package dev.gbpf.lang.sema;

import dev.gbpf.abi.Helper;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Identifier;

/** What holds for every name that a policy declares: it is new, not reserved, and used. */
final class DeclarationRules {
    private final Reporter reporter;

    DeclarationRules(Reporter reporter) {
        this.reporter = reporter;
    }

    /** Declares a name in a scope; complains when it means something already. */
    void declare(Scope scope, Identifier identifier, Symbol symbol) {
        String name = identifier.name();
        Symbol earlier = scope.lookup(name);
        if (symbol instanceof Symbol.Function && Helper.byName(name).isPresent()) {
            reporter.message(ErrorCode.RESERVED_NAME, identifier.span(), "`" + name + "` is a helper")
                    .label("this name is taken")
                    .help("choose another name, such as `my_" + name + "`")
                    .report();
        } else if (NameResolver.isReserved(name)) {
            reporter.message(
                            ErrorCode.RESERVED_NAME,
                            identifier.span(),
                            "`" + name + "` is " + NameResolver.reservedAs(name))
                    .label("this name is taken")
                    .help("choose another name, such as `MY_" + name + "`")
                    .report();
        } else if (earlier != null) {
            reporter.message(ErrorCode.DUPLICATE_NAME, identifier.span(), "`" + name + "` is declared already")
                    .label("declared again here")
                    .note("the first declaration is in line " + earlier.span().line()
                            + "; a name means one thing in the whole block, inner blocks included")
                    .help("choose another name")
                    .report();
        }
        scope.declare(name, symbol);
        NameTypes.declared(reporter.source(), symbol);
    }

    /** Warns about the names of a scope that nobody used. A name that begins with an underscore may be idle. */
    void warnUnused(Scope scope) {
        scope.own().forEach((name, symbol) -> {
            // A module may offer more than is used of it.
            if (!name.startsWith("_") && !name.contains(ModuleScopes.SEPARATOR)) {
                warnUnused(name, symbol);
            }
        });
    }

    private void warnUnused(String name, Symbol symbol) {
        switch (symbol) {
            case Symbol.Constant constant
            when !constant.used() ->
                warn(ErrorCode.UNUSED_CONSTANT, symbol, "the constant `" + name + "` is never used", "take it out");
            case Symbol.Map map
            when !map.used() ->
                warn(
                        ErrorCode.UNUSED_MAP,
                        symbol,
                        "the map `" + name + "` is never used",
                        "take it out; it would take memory");
            case Symbol.Function function
            when !function.used() ->
                warn(ErrorCode.UNUSED_FUNCTION, symbol, "the function `" + name + "` is never called", "take it out");
            case Symbol.Struct struct
            when !struct.used() ->
                warn(ErrorCode.UNUSED_STRUCT, symbol, "the struct `" + name + "` is never used", "take it out");
            case Symbol.Local(Variable variable, var _) -> warnUnused(variable);
            case Symbol.Taken taken
            when taken.numbers().stream().allMatch(v -> v.reads() == 0) ->
                warn(
                        ErrorCode.UNUSED_VARIABLE,
                        symbol,
                        "`" + name + "` is never used",
                        "if the value does not matter, call it `_" + name + "`");
            case Symbol.Found(Entry entry)
            when !entry.used() ->
                warn(
                        ErrorCode.UNUSED_VARIABLE,
                        symbol,
                        "`" + name + "` is never used",
                        "if only the presence of the entry matters, call it `_" + name + "`");
            case Symbol.Constant _,
                    Symbol.Map _,
                    Symbol.Struct _,
                    Symbol.Function _,
                    Symbol.Found _,
                    Symbol.Taken _,
                    Symbol.Context _ -> {}
        }
    }

    private void warnUnused(Variable variable) {
        String name = variable.name();
        if (variable.type() == Type.ERROR) {
            return;
        }
        Symbol symbol = new Symbol.Local(variable, null);
        if (variable.reads() == 0 && variable.writes() == 0) {
            warn(
                    ErrorCode.UNUSED_VARIABLE,
                    symbol,
                    "`" + name + "` is never used",
                    "take it out, or call it `_" + name + "` to say that this is on purpose");
        } else if (variable.reads() == 0) {
            warn(ErrorCode.NEVER_READ, symbol, "`" + name + "` is assigned but never read", "take it out");
        } else if (variable.mutable() && variable.writes() == 0) {
            warn(ErrorCode.NEEDLESS_VAR, symbol, "`" + name + "` never changes", "declare it with `let`");
        }
    }

    private void warn(ErrorCode code, Symbol symbol, String message, String help) {
        reporter.message(code, symbol.span(), message)
                .label(code == ErrorCode.NEEDLESS_VAR ? "need not be `var`" : "declared here")
                .help(help)
                .report();
    }
}
