package dev.gbpf.verifier.explain;

import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.object.LineInfo;
import dev.gbpf.verifier.analysis.LoopBound;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.domain.Word;
import dev.gbpf.verifier.explain.Fix.Edit;
import dev.gbpf.verifier.explain.Fixes.Case;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fixes of policies in the policy language, in which only verdicts and costs are left to prove. */
final class PolicyFixes {
    private static final Pattern RETURN = Pattern.compile("^return\\s+([^;]+);");
    private static final Pattern MAX = Pattern.compile("\\bmax\\s+\\w+\\s*\\{");
    private static final Pattern FOR = Pattern.compile("^\\s*for\\s+\\w+\\s+in\\s+[^{]*\\{");

    private final Case fault;

    PolicyFixes(Case fault) {
        this.fault = fault;
    }

    @Nullable
    Fix fix() {
        return switch (fault.violation().code()) {
            case RETURN_VALUE -> verdict();
            case OVER_BUDGET -> budget();
            default -> null;
        };
    }

    private @Nullable Fix verdict() {
        Optional<LineInfo> info = fault.editable(fault.shown());
        VerdictSpec spec = fault.text().type().verdict();
        if (info.isEmpty() || spec.min() != 0 || !(fault.value() instanceof Value.Numeric number)) {
            return null;
        }
        String line = fault.text().text(info.get().line());
        int start = info.get().column() - 1;
        Matcher result = RETURN.matcher(start <= line.length() ? line.substring(start) : "");
        if (!result.find()) {
            return null;
        }
        Word known = number.scalar().wide();
        String clamped = clamped(result.group(1), known, spec.max());
        String statement = "return " + clamped + ";";
        return new Fix(
                "if this number is meant, keep it in range: `" + statement + "`",
                List.of(new Edit(info.get().line(), start + 1, result.end(), statement)));
    }

    private static String clamped(String expression, Word known, long max) {
        if (known.smin() >= 0) {
            return "min(" + expression + ", " + max + ")";
        }
        if (known.smin() == Long.MIN_VALUE) {
            return "min((" + expression + ") as u64, " + max + ")";
        }
        String atLeast = "max(" + expression + ", 0)";
        return known.smax() <= max ? atLeast : "min(" + atLeast + ", " + max + ")";
    }

    /** Fewer iterations of the loop that has the most. */
    private @Nullable Fix budget() {
        Optional<LineInfo> info = fault.editable(fault.shown());
        if (info.isEmpty() || fault.violation().fault() == null) {
            return null;
        }
        long bound = fault.result().loops().stream()
                .filter(l -> l.header() == fault.violation().fault().block())
                .mapToLong(LoopBound::iterations)
                .findFirst()
                .orElse(0);
        long fitting = fitting(bound);
        String line = fault.text().text(info.get().line());
        Matcher loop = FOR.matcher(line);
        if (fitting < 1 || !loop.find()) {
            return null;
        }
        String text = "at most " + fitting + " iterations fit: `max " + fitting + "`";
        Matcher max = MAX.matcher(loop.group());
        String limit = "max " + fitting + " {";
        Edit edit = max.find()
                ? new Edit(info.get().line(), max.start() + 1, max.end() - max.start(), limit)
                : new Edit(info.get().line(), loop.end(), 1, limit);
        return new Fix(text, List.of(edit));
    }

    /** How many iterations the budget allows: the cost grows in proportion, but for what is outside of the loop. */
    private long fitting(long bound) {
        long cost = fault.result().instructions();
        long budget = fault.text().type().budget();
        long outside = fault.text().program().size();
        if (bound < 1 || cost <= outside || budget <= outside || cost >= LoopBound.MANY || bound > Integer.MAX_VALUE) {
            return 0;
        }
        return bound * (budget - outside) / (cost - outside);
    }
}
