package dev.gbpf.lang.sema;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Expression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks calls: of functions, of the helpers of the hook, and of {@code min} and {@code max}. */
final class CallAnalyzer {
    private final Environment environment;
    private final Conversions conversions;
    private final Reporter reporter;

    CallAnalyzer(Environment environment, Conversions conversions, Reporter reporter) {
        this.environment = environment;
        this.conversions = conversions;
        this.reporter = reporter;
    }

    /** Whether a map helper is called by its name, which is complained about. */
    boolean isMapHelper(Expression.Call call) {
        String name = call.function().name();
        if (Helper.byName(name).filter(h -> !takesNumbersOnly(h)).isEmpty()) {
            return false;
        }
        if (name.equals(Helper.TRACE_PRINTK.symbol())) {
            reporter.message(ErrorCode.MAP_HELPER_BY_NAME, call.function().span(), "`" + name + "` takes an address")
                    .label("addresses are for C and assembly")
                    .help("write a tagged number: `log(TAG, value);`")
                    .report();
            return true;
        }
        reporter.message(ErrorCode.MAP_HELPER_BY_NAME, call.function().span(), "`" + name + "` is not called by name")
                .label("maps have a syntax of their own")
                .help("to read: `m[k] else 0`, or `if let v = m[k] { ... }`\nto write: `m[k] = v;`\n"
                        + "to remove: `delete m[k];`")
                .report();
        return true;
    }

    /** The call with its arguments, which are analysed already; {@code asValue} when its value is needed. */
    Operand analyze(Expression.Call call, List<Operand> arguments, boolean asValue) {
        String name = call.function().name();
        if (name.equals("min") || name.equals("max")) {
            return extremum(call, arguments);
        }
        if (environment.scope().lookup(name) instanceof Symbol.Function function) {
            function.markUsed();
            return invoke(call, function.function(), arguments, asValue);
        }
        Optional<Helper> helper = Helper.byName(name);
        if (helper.isEmpty()) {
            reporter.message(
                            ErrorCode.UNKNOWN_FUNCTION, call.function().span(), "cannot find a function `" + name + "`")
                    .label("neither a function nor a helper")
                    .help(help(call))
                    .report();
            return Operand.error(call.span());
        }
        return isCallable(call, helper.get()) ? call(call, helper.get(), arguments) : Operand.error(call.span());
    }

    private Operand extremum(Expression.Call call, List<Operand> arguments) {
        String name = call.function().name();
        if (arguments.size() != 2) {
            reportCount(call, name + "(a, b)", 2, arguments.size());
            return Operand.error(call.span());
        }
        boolean greatest = name.equals("max");
        if (arguments.get(0) instanceof Operand.Literal left && arguments.get(1) instanceof Operand.Literal right) {
            int order = left.value().exact().compareTo(right.value().exact());
            LiteralValue value = order < 0 == greatest ? right.value() : left.value();
            return new Operand.Literal(value, call.span());
        }
        Conversions.Pair pair = conversions.unify("`" + name + "`", arguments.get(0), arguments.get(1), call.span());
        return pair == null
                ? Operand.error(call.span())
                : new Operand.Typed(ConstantFolder.fold(
                        new BoundExpression.Extremum(greatest, pair.left(), pair.right(), call.span())));
    }

    /** Whether a helper may be called here, which is noted; complains when not. */
    boolean isCallable(Expression.Call call, Helper helper) {
        if (!runs(call, "a helper")) {
            return false;
        }
        Hook hook = environment.hook();
        environment.calls().add(helper, call.function().span());
        // What a function calls is checked for each hook that calls the function.
        if (hook != null && !hook.helpers().contains(helper)) {
            reporter.message(
                            ErrorCode.HELPER_NOT_ALLOWED,
                            call.function().span(),
                            "`" + helper.symbol() + "` cannot be called in " + hook.symbol())
                    .label("not allowed in this hook")
                    .note("it is allowed in: " + hooksThatMayCall(helper))
                    .report();
            return false;
        }
        return true;
    }

    private boolean runs(Expression.Call call, String what) {
        if (!environment.runs()) {
            reporter.message(ErrorCode.NOT_CONSTANT, call.span(), "a constant cannot call " + what)
                    .label("only known when the policy runs")
                    .help("call it in a hook: `let x = " + call.function().name() + "(...);`")
                    .report();
        }
        return environment.runs();
    }

    /** The hooks that may call a helper, in words. */
    static String hooksThatMayCall(Helper helper) {
        return Arrays.stream(Hook.values())
                .filter(h -> h.helpers().contains(helper))
                .map(Hook::symbol)
                .collect(Collectors.joining(", "));
    }

    private Operand invoke(Expression.Call call, BoundFunction function, List<Operand> arguments, boolean asValue) {
        if (!runs(call, "a function")) {
            return Operand.error(call.span());
        }
        environment.calls().add(function, call.function().span());
        int expected = function.parameters().size();
        if (arguments.size() != expected) {
            reportCount(call, function.signatureWithTypes(), expected, arguments.size());
            return Operand.error(call.span());
        }
        if (asValue && function.result() == null) {
            reporter.message(ErrorCode.NO_VALUE, call.span(), "`" + function.name() + "` gives no value")
                    .label("a value is needed here")
                    .note("`" + function.name() + "` is declared in " + function.place()
                            + " without a type after its parameters")
                    .help("say what it gives: `fn " + function.signatureWithTypes() + " -> u64`")
                    .report();
            return Operand.error(call.span());
        }
        List<BoundExpression> values = new ArrayList<>();
        for (int i = 0; i < expected; i++) {
            Variable parameter = function.parameters().get(i);
            values.add(conversions.require(
                    arguments.get(i), parameter.type(), "`" + parameter.name() + "` of `" + function.name() + "`"));
        }
        boolean wrong = function.result() == Type.ERROR || values.stream().anyMatch(v -> v.type() == Type.ERROR);
        return wrong
                ? Operand.error(call.span())
                : new Operand.Typed(new BoundExpression.Invoke(function, values, call.span()));
    }

    private Operand call(Expression.Call call, Helper helper, List<Operand> arguments) {
        int expected = helper.arguments().size();
        if (arguments.size() != expected) {
            reportCount(call, signature(helper), expected, arguments.size());
            return Operand.error(call.span());
        }
        List<BoundExpression> values = new ArrayList<>();
        for (Operand argument : arguments) {
            values.add(conversions.integer(argument));
        }
        boolean wrong = values.stream().anyMatch(v -> v.type() == Type.ERROR);
        return wrong
                ? Operand.error(call.span())
                : new Operand.Typed(new BoundExpression.Call(helper, resultType(helper), values, call.span()));
    }

    private void reportCount(Expression.Call call, String signature, int expected, int found) {
        reporter.message(
                        ErrorCode.ARGUMENT_COUNT,
                        call.span(),
                        "`" + call.function().name() + "` takes " + expected
                                + (expected == 1 ? " argument" : " arguments") + ", found " + found)
                .label("expected `" + signature + "`")
                .report();
    }

    /** A helper that reports errors is signed; one whose results fill all 64 bits is unsigned. */
    private static Type resultType(Helper helper) {
        boolean allBits = helper.returnMin() == Long.MIN_VALUE && helper.returnMax() == Long.MAX_VALUE;
        return helper.returnMin() < 0 && !allBits ? Type.I64 : Type.U64;
    }

    private static boolean takesNumbersOnly(Helper helper) {
        return helper.arguments().stream().allMatch(a -> a.kind() == ArgumentKind.SCALAR);
    }

    /** A helper as it is called: name and arguments. */
    static String signature(Helper helper) {
        return helper.arguments().stream()
                .map(Helper.Argument::name)
                .collect(Collectors.joining(", ", helper.symbol() + "(", ")"));
    }

    private @Nullable String help(Expression.Call call) {
        String name = call.function().name();
        String foreign = ForeignNames.function(call, reporter);
        String hint = foreign == null
                ? ModuleScopes.importHint(name, environment.scope().names())
                : foreign;
        return hint == null ? reporter.didYouMean(name, this::callable) : hint;
    }

    private List<String> callable() {
        Hook hook = environment.hook();
        Stream<Helper> helpers = hook == null ? Arrays.stream(Helper.values()) : hook.helpers().stream();
        Stream<String> functions = environment.scope().names().stream()
                .filter(n -> environment.scope().lookup(n) instanceof Symbol.Function);
        return Stream.of(
                        functions,
                        helpers.filter(CallAnalyzer::takesNumbersOnly).map(Helper::symbol),
                        Stream.of("min", "max"))
                .flatMap(names -> names)
                .toList();
    }
}
