package dev.gbpf.verifier.explain;

import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.object.LineInfo;
import dev.gbpf.verifier.explain.Fix.Edit;
import dev.gbpf.verifier.explain.Fixes.Case;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fixes of policies in C. Objects carry only the lines that have code, so a change is offered where the line is plain to read. */
final class CFixes {
    private static final String PREFIX = "GBPF_";
    private static final int TURNS = 64;
    private static final Pattern LOOKUP = Pattern.compile("(\\w+)\\s*=\\s*bpf_map_lookup_elem\\s*\\(.*;\\s*$");
    private static final Pattern INDEX = Pattern.compile("\\[\\s*(\\w+)\\s*\\]");
    private static final Pattern RETURN = Pattern.compile("\\breturn\\s+([^;]+);");
    private static final Pattern WHILE = Pattern.compile("\\bwhile\\s*\\((.*)\\)(\\s*\\{)?\\s*$");
    private static final Pattern POINTER_ARGUMENT = Pattern.compile("&\\s*(\\w+)");

    private final Case fault;

    CFixes(Case fault) {
        this.fault = fault;
    }

    @Nullable
    Fix fix() {
        return switch (fault.violation().code()) {
            case NULL_POINTER -> nullCheck();
            case VALUE_BOUNDS, STACK_BOUNDS, POINTER_OFFSET -> bound();
            case RETURN_VALUE -> verdict();
            case STACK_UNINITIALISED -> initialise();
            case UNBOUNDED_LOOP -> loop();
            default -> null;
        };
    }

    private String leave() {
        return "return " + fault.defaultVerdict(PREFIX) + ";";
    }

    private String line(LineInfo info) {
        return fault.text().text(info.line());
    }

    /** Whether a line is in the function of a hook, where a verdict may be returned. */
    private boolean isInHook(int line) {
        for (int at = line; at > 0; at--) {
            String text = fault.text().text(at);
            if (!text.isEmpty() && !Character.isWhitespace(text.charAt(0)) && "{}#/*".indexOf(text.charAt(0)) < 0) {
                return text.contains("GBPF_HOOK") || text.contains("SEC(");
            }
        }
        return false;
    }

    private @Nullable Fix nullCheck() {
        if (fault.path() == null || fault.place() == null) {
            return null;
        }
        Optional<LineInfo> origin = origin(fault.path(), fault.place());
        Matcher lookup = origin.map(o -> LOOKUP.matcher(line(o))).orElse(LOOKUP.matcher(""));
        if (origin.isEmpty() || !lookup.find()) {
            return Fix.advice("test it after the lookup: if (!value) " + leave());
        }
        String test = "if (!" + lookup.group(1) + ") " + leave();
        String text = "test it after line " + origin.get().line() + ":\n    " + test;
        return isInHook(origin.get().line()) ? new Fix(text, List.of(after(origin.get(), test))) : Fix.advice(text);
    }

    /** Where the value at fault came to be. */
    private Optional<LineInfo> origin(AbstractPath path, Place start) {
        Place place = start;
        int before = path.size() - 1;
        while (true) {
            Definition definition = Definition.of(path, place, before, false);
            Place source = definition.kind() == Definition.Kind.WRITE ? copied(path, definition) : null;
            if (source == null) {
                return definition.kind() == Definition.Kind.WRITE
                        ? fault.editable(path.step(definition.position()).index())
                        : Optional.empty();
            }
            place = source;
            before = definition.position();
        }
    }

    private static @Nullable Place copied(AbstractPath path, Definition definition) {
        AbstractPath.Step step = path.step(definition.position());
        return switch (path.instruction(definition.position())) {
            case Instruction.Mov(var _, var _, var _, Register source) -> new Place.InRegister(source, step.frame());
            case Instruction.Store(var _, var _, var _, Register source) -> new Place.InRegister(source, step.frame());
            case Instruction.Load load ->
                Place.reached(
                        step.before(), load.base(), load.offset(), load.width().bytes());
            default -> null;
        };
    }

    /** A statement on a line of its own behind another line. */
    private Edit after(LineInfo info, String statement) {
        String text = line(info);
        return new Edit(info.line(), text.length() + 1, 0, "\n" + indent(text) + statement);
    }

    /** A statement on a line of its own before another line. */
    private Edit before(LineInfo info, String statement) {
        return new Edit(info.line(), 1, 0, indent(line(info)) + statement + "\n");
    }

    private static String indent(String text) {
        return text.substring(0, text.length() - text.stripLeading().length());
    }

    /** Whether a line is one statement, behind another or the beginning of a block. */
    private boolean isStatement(LineInfo info) {
        String text = line(info).strip();
        String previous = fault.text().text(info.line() - 1).strip();
        boolean begins =
                previous.isEmpty() || previous.endsWith(";") || previous.endsWith("{") || previous.endsWith("}");
        return text.endsWith(";") && !text.startsWith("for") && !text.startsWith("else") && begins;
    }

    private @Nullable Fix bound() {
        if (fault.path() == null
                || fault.violation().fault() == null
                || fault.violation().fault().assertion() == null) {
            return null;
        }
        IndexBound bound =
                IndexBound.of(fault, fault.path(), fault.violation().fault().assertion());
        Optional<LineInfo> info = fault.editable(fault.shown());
        if (bound == null || info.isEmpty() || bound.max() < 0) {
            return null;
        }
        long length = bound.max() / bound.scale() + 1;
        Matcher index = INDEX.matcher(line(info.get()));
        if (!index.find() || bound.min() != 0) {
            return Fix.advice("check the index before line " + info.get().line() + ": it must be below " + length);
        }
        String test = "if (" + index.group(1) + " >= " + length + ") " + leave();
        String text = "check the index before line " + info.get().line() + ":\n    " + test;
        boolean once = !index.find();
        return once && isStatement(info.get()) && isInHook(info.get().line())
                ? new Fix(text, List.of(before(info.get(), test)))
                : Fix.advice(text);
    }

    private @Nullable Fix verdict() {
        VerdictSpec spec = fault.text().type().verdict();
        Optional<LineInfo> info = fault.editable(fault.shown());
        String range = "verdict < " + spec.min() + " || verdict > " + spec.max();
        String clamp = "return " + range + " ? " + fault.defaultVerdict(PREFIX) + " : verdict;";
        Matcher result = RETURN.matcher(info.map(this::line).orElse(""));
        if (info.isEmpty() || !result.find()) {
            return Fix.advice("replace what is no verdict:\n    " + clamp);
        }
        String statement = "{ __s64 verdict = " + result.group(1) + "; " + clamp + " }";
        return new Fix(
                "replace what is no verdict, in line " + info.get().line() + ":\n    " + statement,
                List.of(new Edit(info.get().line(), result.start() + 1, result.end() - result.start(), statement)));
    }

    private @Nullable Fix initialise() {
        Optional<LineInfo> info = fault.editable(fault.shown());
        if (info.isEmpty()) {
            return null;
        }
        Matcher argument = POINTER_ARGUMENT.matcher(line(info.get()));
        String name = null;
        while (argument.find()) {
            name = argument.group(1);
        }
        return name == null
                ? null
                : Fix.advice("set all of " + name + " before its fields, padding too:\n    __builtin_memset(&" + name
                        + ", 0, sizeof(" + name + "));");
    }

    private @Nullable Fix loop() {
        Optional<LineInfo> info = fault.editable(fault.shown());
        String turns = "for (int turn = 0; turn < " + TURNS + " && (condition); turn++)";
        Matcher loop = WHILE.matcher(info.map(this::line).orElse(""));
        if (info.isEmpty() || !loop.find()) {
            return Fix.advice("count its turns: " + turns);
        }
        String head = turns.replace("condition", loop.group(1));
        return new Fix(
                "count its turns, in line " + info.get().line() + ":\n    " + head,
                List.of(new Edit(
                        info.get().line(),
                        loop.start() + 1,
                        loop.end() - loop.start(),
                        head + (loop.group(2) == null ? "" : loop.group(2)))));
    }
}
