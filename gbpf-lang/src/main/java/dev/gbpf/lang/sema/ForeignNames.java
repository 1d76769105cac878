package dev.gbpf.lang.sema;

import dev.gbpf.lang.ast.Expression;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names that other languages have: what to write instead. */
final class ForeignNames {
    private static final Set<String> NOTHING = Set.of("null", "NULL", "nil", "None", "none", "undefined", "nullptr");
    private static final Set<String> PRINTS =
            Set.of("print", "println", "printf", "bpf_printk", "printk", "puts", "echo", "debug", "trace");
    /** What {@code log} takes. */
    private static final int LOGGED = 2;

    private ForeignNames() {}

    /** Help for a name that stands where a value should, or null. */
    static @Nullable String value(String name) {
        return NOTHING.contains(name)
                ? "there is no null: a read says what it gives when the entry is absent, `m[k] else 0`, or asks:"
                        + " `if let v = m[k] { ... } else { ... }`"
                : null;
    }

    /** Help for a function that is not there, or null. */
    static @Nullable String function(Expression.Call call, Reporter reporter) {
        if (!PRINTS.contains(call.function().name())) {
            return null;
        }
        List<Expression> shown =
                call.arguments().subList(0, Math.min(LOGGED, call.arguments().size()));
        String arguments =
                shown.stream().map(a -> reporter.quote(a.span(), "value")).collect(Collectors.joining(", "));
        String meant = switch (shown.size()) {
            case 0 -> "1, 0";
            case 1 -> "1, " + arguments;
            default -> arguments;
        };
        return "log a number with a tag of your own: `log(" + meant + ");`";
    }
}
