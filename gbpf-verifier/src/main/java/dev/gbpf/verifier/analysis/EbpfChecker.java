package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.MapKind;
import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Mixed;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.domain.BinaryOperation;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import dev.gbpf.verifier.domain.Word;
import dev.gbpf.verifier.platform.ContextModel;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides whether a state proves an assertion. */
final class EbpfChecker {
    /** Offsets of pointers stay below this in magnitude, so that sums of two and an access never wrap. */
    static final long MAX_OFFSET = 1L << 47;

    private final List<MapDefinition> maps;
    private final Program program;
    private final MapRights rights;
    private final MemoryChecker memory;

    EbpfChecker(ProgramType type, List<MapDefinition> maps, Program program) {
        this.maps = maps;
        this.program = program;
        this.rights = new MapRights(maps, type.plane());
        this.memory = new MemoryChecker(
                type.context() instanceof ContextModel.Fields fields ? fields.layout() : null, rights);
    }

    /** Null when every execution that {@code state} stands for satisfies the assertion. */
    @Nullable
    Violation check(Assertion assertion, EbpfState state, int index) {
        return switch (assertion) {
            case Assertion.Initialised a -> initialised(a, state, index, a.register());
            case Assertion.IsNumber a -> number(a, state, index, a.register());
            case Assertion.ValidArithmetic a -> arithmetic(a, state, index);
            case Assertion.NarrowDivision a -> DeviceRules.division(a, state, index);
            case Assertion.ValidComparison a -> comparison(a, state, index);
            case Assertion.ValidAccess a -> memory.access(a, state, index);
            case Assertion.ValidStore a -> store(a, state, index);
            case Assertion.ValidArgument a -> argument(a, state, index);
            case Assertion.ReleasedBefore a -> state.references().contains(index) ? unreleased(a, state, index) : null;
            case Assertion.AllReleased a -> state.references().isEmpty() ? null : unreleased(a, state, index);
            case Assertion.ValidVerdict a -> verdict(a, state, index);
            case Assertion.ValidReturn a -> functionResult(a, state, index);
        };
    }

    static Violation violation(RejectionCode code, int index, Assertion assertion, String known, String needed) {
        return new Violation(code, index, assertion.text(), known, needed);
    }

    static String known(Register register, Value value) {
        return register + " is " + value;
    }

    static @Nullable Violation initialised(Assertion assertion, EbpfState state, int index, Register register) {
        Value value = state.get(register);
        if (value instanceof Uninitialised) {
            return violation(
                    RejectionCode.UNINITIALISED_REGISTER,
                    index,
                    assertion,
                    register + " has no value on some path to here",
                    "a write to " + register + " on every path");
        }
        if (value instanceof Mixed) {
            return violation(
                    RejectionCode.MIXED_VALUE, index, assertion, known(register, value), "one kind on every path");
        }
        return null;
    }

    static @Nullable Violation number(Assertion assertion, EbpfState state, int index, Register register) {
        Violation violation = initialised(assertion, state, index, register);
        if (violation != null || state.get(register) instanceof Numeric) {
            return violation;
        }
        return violation(
                RejectionCode.NUMBER_REQUIRED, index, assertion, known(register, state.get(register)), "a number");
    }

    private static @Nullable Violation arithmetic(Assertion.ValidArithmetic a, EbpfState state, int index) {
        Violation violation = initialised(a, state, index, a.dst());
        if (violation == null && a.src() instanceof Register source) {
            violation = initialised(a, state, index, source);
        }
        if (violation != null) {
            return violation;
        }
        Value left = state.get(a.dst());
        Value right = EbpfTransformer.operand(state, a.src());
        if (left instanceof Numeric && right instanceof Numeric) {
            return null;
        }
        if (a.is64() && left instanceof Pointer p && right instanceof Numeric n) {
            if (a.op() == AluOp.ADD) {
                return offset(a, index, a.dst(), p, BinaryOperation.ADD, n);
            }
            if (a.op() == AluOp.SUB) {
                return offset(a, index, a.dst(), p, BinaryOperation.SUBTRACT, n);
            }
        }
        if (a.is64() && a.op() == AluOp.ADD && left instanceof Numeric n && right instanceof Pointer p) {
            return offset(a, index, (Register) a.src(), p, BinaryOperation.ADD, n);
        }
        String known = a.src() instanceof Register source && !(right instanceof Numeric)
                ? known(a.dst(), left) + "; " + known(source, right)
                : known(a.dst(), left);
        return violation(
                RejectionCode.POINTER_ARITHMETIC,
                index,
                a,
                known,
                "numbers, or a 64-bit addition or subtraction of a number and a pointer");
    }

    private static @Nullable Violation offset(
            Assertion a, int index, Register register, Pointer pointer, BinaryOperation operation, Numeric number) {
        if (pointer.maybeNull()) {
            return violation(
                    RejectionCode.NULL_POINTER, index, a, known(register, pointer), "a pointer that is not null");
        }
        Scalar sum = ScalarArithmetic.wide(operation, pointer.offset(), number.scalar());
        if (isBounded(number.scalar().wide()) && isBounded(sum.wide())) {
            return null;
        }
        return violation(
                RejectionCode.POINTER_OFFSET,
                index,
                a,
                "the offset is " + number + ", the sum of offsets " + sum,
                "offsets from -2^47 to 2^47");
    }

    /** Both the number and the old offset being small, their sum does not wrap. */
    private static boolean isBounded(Word offset) {
        return -MAX_OFFSET <= offset.smin() && offset.smax() <= MAX_OFFSET;
    }

    private static @Nullable Violation comparison(Assertion.ValidComparison a, EbpfState state, int index) {
        Violation violation = initialised(a, state, index, a.left());
        if (violation == null && a.right() instanceof Register right) {
            violation = initialised(a, state, index, right);
        }
        if (violation != null) {
            return violation;
        }
        Value left = state.get(a.left());
        Value right = EbpfTransformer.operand(state, a.right());
        if (left instanceof Numeric && right instanceof Numeric) {
            return null;
        }
        boolean equality = a.is64() && (a.op() == JumpOp.EQ || a.op() == JumpOp.NE);
        boolean withNull = (left instanceof Pointer && isZero(right)) || (right instanceof Pointer && isZero(left));
        boolean sameMemory = left instanceof Pointer p
                && right instanceof Pointer q
                && p.region().equals(q.region())
                && !p.maybeNull()
                && !q.maybeNull();
        if (equality && (withNull || sameMemory)) {
            return null;
        }
        boolean order = a.is64() && a.op() != JumpOp.SET;
        if (order
                && left instanceof Pointer p
                && right instanceof Pointer q
                && BranchRefinement.isOneObject(p, q)
                && isOrdered(p.offset().wide())
                && isOrdered(q.offset().wide())) {
            return null;
        }
        String known = known(a.left(), left) + (a.right() instanceof Register r ? "; " + known(r, right) : "");
        return violation(
                RejectionCode.POINTER_COMPARISON,
                index,
                a,
                known,
                "numbers; or in 64 bits == or != of a pointer with 0 or with a pointer into the same memory, or an order of pointers"
                        + " into one object, at offsets from -2^12 to 2^40");
    }

    /** No address that far from its object wraps around: objects are at 2^16 at least, and far below 2^63. */
    private static boolean isOrdered(Word offset) {
        return -(1L << 12) <= offset.smin() && offset.smax() <= 1L << 40;
    }

    private static boolean isZero(Value value) {
        return value instanceof Numeric n && n.scalar().isZero();
    }

    private static @Nullable Violation store(Assertion.ValidStore a, EbpfState state, int index) {
        Violation violation = initialised(a, state, index, a.source());
        if (violation != null || state.get(a.source()) instanceof Numeric) {
            return violation;
        }
        String known = known(a.source(), state.get(a.source()));
        if (!(state.get(a.base()) instanceof Pointer base) || !(base.region() instanceof Region.Stack)) {
            return violation(RejectionCode.POINTER_LEAK, index, a, known, "a number, or a place on the stack");
        }
        StackAccess access = StackAccess.of(base, a.offset(), a.width().bytes());
        if (access == null
                || !access.isExact()
                || access.position() % StackSlot.BYTES != 0
                || a.width().bytes() != StackSlot.BYTES) {
            return violation(
                    RejectionCode.UNALIGNED_SPILL,
                    index,
                    a,
                    known + "; the place is offset " + base.offset() + " of the frame",
                    "8 bytes at a constant offset that is a multiple of 8");
        }
        return null;
    }

    private @Nullable Violation argument(Assertion.ValidArgument a, EbpfState state, int index) {
        ArgumentKind kind = a.helper().arguments().get(a.position()).kind();
        Violation violation = initialised(a, state, index, a.register());
        if (violation != null) {
            return violation;
        }
        Value value = state.get(a.register());
        boolean holds = switch (kind) {
            case SCALAR -> value instanceof Numeric;
            case MAP -> value instanceof MapReference;
            case MAP_KEY, MAP_VALUE, MEMORY -> value instanceof Pointer;
            case MEMORY_SIZE -> memorySize(value) > 0;
            case MAP_VALUE_OUT -> value instanceof Pointer;
            case RECORD_SIZE -> isRecordSize(value);
            case RECORD ->
                value instanceof Pointer p
                        && p.region() instanceof Region.ReservedRecord
                        && p.offset().isZero();
        };
        if (!holds) {
            return violation(RejectionCode.HELPER_ARGUMENT, index, a, known(a.register(), value), "");
        }
        if (value instanceof MapReference reference) {
            return map(a, index, reference, maps.get(reference.map()));
        }
        if (kind == ArgumentKind.MEMORY && value instanceof Pointer pointer) {
            int size = memorySize(state.get(Register.of(a.position() + 2)));
            // A size that is out of range is reported with its own argument.
            return size == 0 ? null : memory.readable(a, state, index, a.register(), pointer, size);
        }
        if (kind == ArgumentKind.RECORD && value instanceof Pointer pointer) {
            return pointer.maybeNull() ? MemoryChecker.nullPointer(a, index, a.register(), pointer) : null;
        }
        if (value instanceof Pointer pointer) {
            MapDefinition map = mapArgument(a, state);
            if (map == null) {
                // The map argument itself is reported.
                return null;
            }
            int size = kind == ArgumentKind.MAP_KEY ? map.keySize() : map.valueSize();
            if (size == 0) {
                // The kind of the map does not fit the helper, which is reported with the map.
                return null;
            }
            return kind == ArgumentKind.MAP_VALUE_OUT
                    ? memory.writable(a, index, a.register(), pointer, size)
                    : memory.readable(a, state, index, a.register(), pointer, size);
        }
        return null;
    }

    private @Nullable Violation map(Assertion.ValidArgument a, int index, MapReference reference, MapDefinition map) {
        String known = known(a.register(), reference) + ", " + map.name();
        if (!a.helper().takes(map.kind())) {
            return violation(
                    RejectionCode.HELPER_MAP_KIND,
                    index,
                    a,
                    known + ", a " + map.kind().keyword(),
                    Arrays.stream(MapKind.values())
                            .filter(a.helper()::takes)
                            .map(MapKind::keyword)
                            .collect(Collectors.joining(" or ")));
        }
        if (!a.helper().writesMap()) {
            return null;
        }
        return map.readOnly()
                ? MemoryChecker.readOnly(a, index, known + ", read-only")
                : rights.update(
                        a, index, reference.map(), known + ", a " + map.kind().keyword());
    }

    private Violation unreleased(Assertion a, EbpfState state, int index) {
        String sites = state.references().held().stream()
                .map(r -> "pc=" + program.pcOf(r.site()))
                .collect(Collectors.joining(", "));
        return violation(
                RejectionCode.UNRELEASED_REFERENCE,
                index,
                a,
                "the record reserved at " + sites + " may be held here",
                "ringbuf_submit or ringbuf_discard on every path");
    }

    private static boolean isRecordSize(Value value) {
        return value instanceof Numeric n
                && n.scalar().isConstant()
                && n.scalar().wide().smin() >= 1
                && n.scalar().wide().smin() <= ArgumentKind.MAX_RECORD;
    }

    /** The greatest size that a value can be, or 0 when it may be out of range. */
    private static int memorySize(Value value) {
        if (!(value instanceof Numeric number)) {
            return 0;
        }
        Word size = number.scalar().wide();
        return size.smin() >= 1 && size.smax() <= ArgumentKind.MAX_MEMORY ? (int) size.smax() : 0;
    }

    private @Nullable MapDefinition mapArgument(Assertion.ValidArgument a, EbpfState state) {
        for (int k = 0; k < a.helper().arguments().size(); k++) {
            if (a.helper().arguments().get(k).kind() == ArgumentKind.MAP
                    && state.get(Register.of(k + 1)) instanceof MapReference reference) {
                return maps.get(reference.map());
            }
        }
        return null;
    }

    private static @Nullable Violation verdict(Assertion.ValidVerdict a, EbpfState state, int index) {
        Violation violation = number(a, state, index, Register.R0);
        if (violation != null) {
            return violation;
        }
        Word value = ((Numeric) state.get(Register.R0)).scalar().wide();
        if (a.spec().min() <= value.smin() && value.smax() <= a.spec().max()) {
            return null;
        }
        return violation(
                RejectionCode.RETURN_VALUE, index, a, known(Register.R0, state.get(Register.R0)), verdicts(a.spec()));
    }

    /** The verdicts by name where each has one, else their range. */
    private static String verdicts(VerdictSpec spec) {
        boolean named = spec.names().size() == spec.max() - spec.min() + 1;
        return named
                ? spec.names().stream()
                        .map(n -> n.name() + " (" + n.value() + ")")
                        .collect(Collectors.joining(" or "))
                : "a number from " + spec.min() + " to " + spec.max();
    }

    private static @Nullable Violation functionResult(Assertion.ValidReturn a, EbpfState state, int index) {
        Value value = state.get(Register.R0);
        if (value instanceof Pointer p && p.region().equals(new Region.Stack(state.depth()))) {
            return violation(
                    RejectionCode.RETURNED_POINTER, index, a, known(Register.R0, value), "a number or another pointer");
        }
        return null;
    }
}
