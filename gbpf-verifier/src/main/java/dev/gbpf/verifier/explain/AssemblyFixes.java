package dev.gbpf.verifier.explain;

import dev.gbpf.abi.ContextField;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.object.LineInfo;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.explain.Fix.Edit;
import dev.gbpf.verifier.explain.Fixes.Case;
import dev.gbpf.verifier.platform.ContextModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fixes of policies in assembly: statements to put before the one that is refused. */
final class AssemblyFixes {
    /** A loop that is given a counter may go round so often. */
    private static final int TURNS = 64;

    private final Case fault;

    private final AssemblyEdits edits;

    AssemblyFixes(Case fault) {
        this.fault = fault;
        this.edits = new AssemblyEdits(fault);
    }

    @Nullable
    Fix fix() {
        return switch (fault.violation().code()) {
            case FALLS_OFF_END -> end();
            case UNBOUNDED_LOOP -> loop();
            default -> fault.path() == null ? null : onPath(fault.path());
        };
    }

    private @Nullable Fix onPath(AbstractPath path) {
        Spot at = new Spot(path, path.last(), fault.violation().index());
        return switch (fault.violation().code()) {
            case NULL_POINTER -> nullCheck(at);
            case UNINITIALISED_REGISTER -> initialise(at);
            case STACK_UNINITIALISED -> new StackFixes(fault, edits, at).fill();
            case VALUE_BOUNDS, MEMORY_BOUNDS, STACK_BOUNDS, POINTER_OFFSET -> bound(at);
            case RETURN_VALUE -> verdict(at);
            case NUMBER_REQUIRED -> dereference(at);
            case CONTEXT_FIELD -> wholeField(at);
            case HELPER_ARGUMENT -> argument(at);
            default -> null;
        };
    }

    /** Where the fault is: the end of a path, what is known there, and the instruction. */
    record Spot(AbstractPath path, EbpfState state, int index) {}

    private @Nullable Fix nullCheck(Spot at) {
        Register register = fault.register();
        if (register == null) {
            return null;
        }
        String present = edits.label("present");
        List<String> statements = new ArrayList<>(List.of("if " + register + " != 0 goto " + present));
        statements.addAll(edits.leave(at.state.depth()));
        statements.add(present + ":");
        return edits.before(at.index, "leave when it is null", statements);
    }

    private @Nullable Fix initialise(Spot at) {
        Register register = fault.register();
        if (register == null || fault.place() == null) {
            return null;
        }
        Definition lost = Definition.of(at.path, fault.place(), at.path.size() - 1);
        boolean isBase = fault.violation().fault() != null
                && fault.violation().fault().assertion() instanceof Assertion.ValidAccess;
        if (lost.kind() == Definition.Kind.CLOBBER) {
            Register free = edits.unusedSaved();
            if (register == Register.R1 && isBase && at.state.depth() == 0 && free != null) {
                return saveContext(at.index, free);
            }
            return Fix.advice("r6 to r9 survive calls: copy " + register + " to one of them before "
                    + fault.text().place(lost.callIndex(at.path)) + ", and use the copy");
        }
        return isBase ? null : edits.before(at.index, "give it a value", List.of(register + " = 0"));
    }

    /** The context is in r1 until the first call: keep it in a register that survives. */
    private Fix saveContext(int index, Register free) {
        String text = "r6 to r9 survive calls: at the start of the hook\n    " + free + " = r1\nand before "
                + fault.text().place(index) + "\n    r1 = " + free;
        Optional<LineInfo> first = fault.editable(0);
        Optional<LineInfo> use = fault.editable(index);
        if (first.isEmpty() || use.isEmpty() || edits.hasRelativeJumps()) {
            return Fix.advice(text);
        }
        return new Fix(
                text,
                List.of(
                        AssemblyEdits.insert(first.get(), List.of(free + " = r1")),
                        AssemblyEdits.insert(use.get(), List.of("r1 = " + free))));
    }

    private @Nullable Fix bound(Spot at) {
        if (fault.violation().fault() == null || fault.violation().fault().assertion() == null) {
            return null;
        }
        IndexBound bound =
                IndexBound.of(fault, at.path, fault.violation().fault().assertion());
        if (bound == null || bound.max() > Integer.MAX_VALUE || bound.min() < Integer.MIN_VALUE || bound.max() < 0) {
            return null;
        }
        AbstractPath.Step step = at.path.step(bound.position());
        Register index = bound.register();
        String inside = edits.label("inside");
        List<String> statements = new ArrayList<>();
        if (bound.min() == 0) {
            statements.add("if " + index + " <= " + bound.max() + " goto " + inside);
        } else {
            String outside = edits.label("outside");
            statements.add("if " + index + " s< " + bound.min() + " goto " + outside);
            statements.add("if " + index + " s<= " + bound.max() + " goto " + inside);
            statements.add(outside + ":");
        }
        statements.addAll(edits.leave(step.frame()));
        statements.add(inside + ":");
        return edits.before(step.index(), "bound " + index, statements);
    }

    private @Nullable Fix verdict(Spot at) {
        if (!(at.state.get(Register.R0) instanceof Numeric number)
                || number.scalar().isConstant()) {
            return null;
        }
        long min = fault.text().type().verdict().min();
        long max = fault.text().type().verdict().max();
        if (min < Integer.MIN_VALUE || max > Integer.MAX_VALUE) {
            return null;
        }
        String valid = edits.label("valid");
        List<String> statements = new ArrayList<>();
        if (min == 0) {
            statements.add("if r0 <= " + max + " goto " + valid);
        } else {
            String invalid = edits.label("invalid");
            statements.add("if r0 s< " + min + " goto " + invalid);
            statements.add("if r0 s<= " + max + " goto " + valid);
            statements.add(invalid + ":");
        }
        statements.add("r0 = " + fault.defaultVerdict(""));
        statements.add(valid + ":");
        return edits.before(at.index, "replace what is no verdict", statements);
    }

    /** The number that a pointer leads to instead of the pointer. */
    private @Nullable Fix dereference(Spot at) {
        Register register = fault.register();
        if (register == null
                || !(fault.value() instanceof Pointer p)
                || !(p.region() instanceof Region.MapValue value)
                || !p.offset().isConstant()
                || !fault.isAlways(register, v -> v instanceof Pointer q && !q.maybeNull())) {
            return null;
        }
        long rest = value.size() - p.offset().wide().smin();
        long width = Math.min(Long.BYTES, Long.highestOneBit(Math.max(rest, 0)));
        return width < 1
                ? null
                : edits.before(
                        at.index,
                        "load the number that it points to",
                        List.of(register + " = *(u" + 8 * width + " *)(" + register + " + 0)"));
    }

    /** The access to the whole field that the bytes belong to. */
    private @Nullable Fix wholeField(Spot at) {
        if (!(fault.text().type().context() instanceof ContextModel.Fields fields)
                || !(fault.text().program().get(at.index) instanceof Instruction.Load load)
                || !(at.state.get(load.base()) instanceof Pointer p)
                || !p.offset().isConstant()) {
            return null;
        }
        long offset = p.offset().wide().smin() + load.offset();
        Optional<ContextField> field = fields.layout().fields().stream()
                .filter(f ->
                        f.offset() <= offset && offset < f.offset() + f.width().bytes())
                .findFirst();
        if (field.isEmpty()) {
            return null;
        }
        long from = field.get().offset() - p.offset().wide().smin();
        String statement = load.dst() + " = *(u" + field.get().width().bits() + " *)(" + load.base()
                + (from < 0 ? " - " : " + ") + Math.abs(from) + ")";
        String text = "read all of ctx." + field.get().name() + ": " + statement;
        return fault.editable(at.index)
                .map(l -> new Fix(text, List.of(new Edit(l.line(), l.column(), l.length(), statement))))
                .orElse(Fix.advice(text));
    }

    /** A number where memory is wanted, or anything where a map is. */
    private @Nullable Fix argument(Spot at) {
        if (fault.violation().fault() == null
                || !(fault.violation().fault().assertion() instanceof Assertion.ValidArgument a)) {
            return null;
        }
        Register register = a.register();
        return switch (a.helper().arguments().get(a.position()).kind()) {
            case MAP ->
                fault.text().maps().isEmpty()
                        ? null
                        : edits.before(
                                at.index,
                                "name the map",
                                List.of(register + " = map_by_idx("
                                        + (fault.text().source() == null
                                                ? "0"
                                                : fault.text().mapName(0)) + ")"));
            case MAP_KEY, MAP_VALUE -> new StackFixes(fault, edits, at).store(a);
            case SCALAR -> dereference(at);
            case MEMORY, MEMORY_SIZE, MAP_VALUE_OUT, RECORD_SIZE, RECORD -> null;
        };
    }

    /** A count of the loop's turns, which leaves after so many. */
    private @Nullable Fix loop() {
        Register counter = edits.unusedSaved();
        int head = fault.violation().index();
        if (counter == null) {
            return null;
        }
        String within = edits.label("within");
        List<String> statements =
                new ArrayList<>(List.of(counter + " += 1", "if " + counter + " <= " + TURNS + " goto " + within));
        statements.addAll(edits.leave(0));
        statements.add(within + ":");
        String text = String.format(
                Locale.ROOT,
                "count its turns: at the start of the program%n    %s = 0%nand where the loop begins, before %s:%s",
                counter,
                fault.text().place(head),
                AssemblyEdits.lines(statements));
        Optional<LineInfo> first = fault.editable(0);
        Optional<LineInfo> at = fault.editable(head);
        if (first.isEmpty() || at.isEmpty() || edits.hasRelativeJumps()) {
            return Fix.advice(text);
        }
        if (head == 0) {
            return null;
        }
        return new Fix(
                text,
                List.of(
                        AssemblyEdits.insert(first.get(), List.of(counter + " = 0")),
                        AssemblyEdits.insert(at.get(), statements)));
    }

    private @Nullable Fix end() {
        int last = Math.min(fault.violation().index(), fault.text().program().size() - 1);
        List<String> statements = edits.leave(0);
        String text = "end it, after " + fault.text().place(last) + ":" + AssemblyEdits.lines(statements);
        return fault.editable(last)
                .map(l -> new Fix(text, List.of(AssemblyEdits.append(l, statements))))
                .orElse(Fix.advice(text));
    }
}
