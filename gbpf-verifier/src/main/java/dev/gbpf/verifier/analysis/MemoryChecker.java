package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.Assertion.AccessKind;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.domain.BinaryOperation;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import dev.gbpf.verifier.domain.Word;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides whether an access stays in memory that allows it. */
final class MemoryChecker {
    private final @Nullable ContextLayout context;
    private final MapRights rights;

    MemoryChecker(@Nullable ContextLayout context, MapRights rights) {
        this.context = context;
        this.rights = rights;
    }

    /** A load, a store or an atomic operation. */
    @Nullable
    Violation access(Assertion.ValidAccess a, EbpfState state, int index) {
        Violation violation = EbpfChecker.initialised(a, state, index, a.base());
        if (violation != null) {
            return violation;
        }
        Value value = state.get(a.base());
        if (!(value instanceof Pointer pointer)) {
            return EbpfChecker.violation(
                    RejectionCode.NOT_A_POINTER, index, a, EbpfChecker.known(a.base(), value), "a pointer");
        }
        if (pointer.maybeNull()) {
            return nullPointer(a, index, a.base(), pointer);
        }
        int width = a.width().bytes();
        return switch (pointer.region()) {
            case Region.Context c -> context(a, index, pointer);
            case Region.Stack s -> {
                Violation outside = stack(a, index, pointer, a.offset(), width);
                yield outside != null || a.kind() == AccessKind.WRITE
                        ? outside
                        : stackContents(a, state, index, s, pointer);
            }
            case Region.MapValue v -> {
                if (v.readOnly() && a.kind() != AccessKind.READ) {
                    yield readOnly(a, index, EbpfChecker.known(a.base(), pointer));
                }
                Violation refused = rights.access(a, index, v, EbpfChecker.known(a.base(), pointer));
                if (refused != null) {
                    yield refused;
                }
                Violation outside = bounds(a, RejectionCode.VALUE_BOUNDS, index, pointer, a.offset(), width, v.size());
                yield outside != null ? outside : alignment(a, index, pointer);
            }
            case Region.ReservedRecord r -> {
                Violation outside = bounds(a, RejectionCode.VALUE_BOUNDS, index, pointer, a.offset(), width, r.size());
                yield outside != null ? outside : alignment(a, index, pointer);
            }
            case Region.RawMemory m -> {
                Violation outside = bounds(a, RejectionCode.MEMORY_BOUNDS, index, pointer, a.offset(), width, m.size());
                yield outside != null ? outside : alignment(a, index, pointer);
            }
        };
    }

    /** Memory that a helper reads: all of it initialised numbers. */
    @Nullable
    Violation readable(Assertion a, EbpfState state, int index, Register register, Pointer pointer, int size) {
        if (pointer.maybeNull()) {
            return nullPointer(a, index, register, pointer);
        }
        return switch (pointer.region()) {
            case Region.Context c ->
                EbpfChecker.violation(
                        RejectionCode.HELPER_ARGUMENT,
                        index,
                        a,
                        EbpfChecker.known(register, pointer),
                        size + " bytes on the stack or in a map value");
            case Region.Stack s -> {
                Violation outside = stack(a, index, pointer, 0, size);
                if (outside != null) {
                    yield outside;
                }
                StackAccess access = StackAccess.of(pointer, 0, size);
                yield access == null ? null : stackBytes(a, state, index, s, access);
            }
            case Region.MapValue v -> {
                Violation refused = rights.read(a, index, v, EbpfChecker.known(register, pointer));
                yield refused != null
                        ? refused
                        : bounds(a, RejectionCode.VALUE_BOUNDS, index, pointer, 0, size, v.size());
            }
            case Region.ReservedRecord r -> bounds(a, RejectionCode.VALUE_BOUNDS, index, pointer, 0, size, r.size());
            case Region.RawMemory m -> bounds(a, RejectionCode.MEMORY_BOUNDS, index, pointer, 0, size, m.size());
        };
    }

    /** Memory that a helper writes: what is there before does not matter. */
    @Nullable
    Violation writable(Assertion a, int index, Register register, Pointer pointer, int size) {
        if (pointer.maybeNull()) {
            return nullPointer(a, index, register, pointer);
        }
        return switch (pointer.region()) {
            case Region.Context c ->
                EbpfChecker.violation(
                        RejectionCode.HELPER_ARGUMENT,
                        index,
                        a,
                        EbpfChecker.known(register, pointer),
                        size + " bytes on the stack or in a map value");
            case Region.Stack s -> stack(a, index, pointer, 0, size);
            case Region.MapValue v when v.readOnly() -> readOnly(a, index, EbpfChecker.known(register, pointer));
            case Region.MapValue v -> {
                Violation refused = rights.update(a, index, v.map(), EbpfChecker.known(register, pointer));
                yield refused != null
                        ? refused
                        : bounds(a, RejectionCode.VALUE_BOUNDS, index, pointer, 0, size, v.size());
            }
            case Region.ReservedRecord r -> bounds(a, RejectionCode.VALUE_BOUNDS, index, pointer, 0, size, r.size());
            case Region.RawMemory m -> bounds(a, RejectionCode.MEMORY_BOUNDS, index, pointer, 0, size, m.size());
        };
    }

    static Violation readOnly(Assertion a, int index, String known) {
        return EbpfChecker.violation(RejectionCode.MAP_READ_ONLY, index, a, known, "a map that may be changed");
    }

    static Violation nullPointer(Assertion a, int index, Register register, Pointer pointer) {
        return EbpfChecker.violation(
                RejectionCode.NULL_POINTER,
                index,
                a,
                EbpfChecker.known(register, pointer),
                "a comparison of " + register + " with 0 on the way here");
    }

    private @Nullable Violation context(Assertion.ValidAccess a, int index, Pointer pointer) {
        if (a.kind().isAtomic()) {
            return EbpfChecker.violation(
                    RejectionCode.ATOMIC_MEMORY, index, a, EbpfChecker.known(a.base(), pointer), "stack or map value");
        }
        Word offset = pointer.offset().wide();
        Optional<ContextField> field = context == null || !offset.isConstant()
                ? Optional.empty()
                : context.fields().stream()
                        .filter(f -> f.offset() == offset.smin() + a.offset() && f.width() == a.width())
                        .findFirst();
        if (field.isEmpty()) {
            return EbpfChecker.violation(
                    RejectionCode.CONTEXT_FIELD,
                    index,
                    a,
                    a.width().bytes() + " bytes at offset "
                            + ScalarArithmetic.wide(BinaryOperation.ADD, pointer.offset(), Scalar.constant(a.offset()))
                            + " of the context" + nearField(offset, a),
                    "offset and width of a field");
        }
        if (a.kind() == AccessKind.WRITE && !field.get().writable()) {
            return EbpfChecker.violation(
                    RejectionCode.CONTEXT_READ_ONLY,
                    index,
                    a,
                    "this is field " + field.get().name(),
                    writableFields());
        }
        return null;
    }

    /** The field that the access falls into, in words. */
    private String nearField(Word offset, Assertion.ValidAccess a) {
        if (context == null || !offset.isConstant()) {
            return "";
        }
        long at = offset.smin() + a.offset();
        return context.fields().stream()
                .filter(f -> f.offset() <= at && at < f.offset() + f.width().bytes())
                .findFirst()
                .map(f -> "; field " + f.name() + " is " + f.width().bytes() + " bytes at offset " + f.offset())
                .orElse("");
    }

    private String writableFields() {
        if (context == null) {
            return "a writable field";
        }
        List<String> names = context.fields().stream()
                .filter(ContextField::writable)
                .map(ContextField::name)
                .toList();
        return names.isEmpty()
                ? "nothing: this context has no outputs"
                : "a writable field: " + String.join(", ", names);
    }

    private static @Nullable Violation stack(Assertion a, int index, Pointer pointer, int offset, int width) {
        if (StackAccess.of(pointer, offset, width) != null) {
            return null;
        }
        return EbpfChecker.violation(
                RejectionCode.STACK_BOUNDS,
                index,
                a,
                width + " bytes at offset " + sum(pointer, offset) + " of the frame",
                "offsets from -" + Region.Stack.SIZE + " to -" + width);
    }

    private @Nullable Violation stackContents(
            Assertion.ValidAccess a, EbpfState state, int index, Region.Stack stack, Pointer pointer) {
        StackAccess access = StackAccess.of(pointer, a.offset(), a.width().bytes());
        if (access == null) {
            return null;
        }
        if (a.kind() == AccessKind.READ && access.isExact()) {
            // A stored pointer may be loaded, whole.
            Value value =
                    state.frame(stack.frame()).read(access.position(), a.width().bytes());
            if (!(value instanceof Value.Uninitialised)) {
                return null;
            }
        }
        Violation contents = stackBytes(a, state, index, stack, access);
        return contents != null || a.kind() == AccessKind.READ ? contents : alignment(a, index, pointer);
    }

    private static @Nullable Violation stackBytes(
            Assertion a, EbpfState state, int index, Region.Stack stack, StackAccess access) {
        StackFrame frame = state.frame(stack.frame());
        if (frame.isReadable(access.position(), access.size())) {
            return null;
        }
        int from = access.position() - Region.Stack.SIZE;
        String bytes = "bytes " + from + " to " + (from + access.size() - 1) + " of the frame";
        if (frame.touchesPointer(access.position(), access.size())) {
            return EbpfChecker.violation(
                    RejectionCode.SPILLED_POINTER, index, a, bytes + " touch a stored pointer", "bytes of numbers");
        }
        int at = access.position();
        while (frame.isReadable(at, 1)) {
            at++;
        }
        return EbpfChecker.violation(
                RejectionCode.STACK_UNINITIALISED,
                index,
                a,
                "byte " + (at - Region.Stack.SIZE) + " of the frame is not written on every path; the access reads "
                        + bytes,
                "all of them written on every path");
    }

    private static @Nullable Violation bounds(
            Assertion a, RejectionCode code, int index, Pointer pointer, int offset, int width, long size) {
        Word at = pointer.offset().wide();
        // Offsets are below 2^47 in magnitude in every state of an accepted program; beyond, sums here could wrap.
        boolean bounded = -2 * EbpfChecker.MAX_OFFSET <= at.smin() && at.smax() <= 2 * EbpfChecker.MAX_OFFSET;
        if (bounded && at.smin() + offset >= 0 && at.smax() + offset + width <= size) {
            return null;
        }
        return EbpfChecker.violation(
                code,
                index,
                a,
                width + " bytes at offset " + sum(pointer, offset) + " of " + pointer.region(),
                size < width ? "at least " + width + " bytes there" : "offsets from 0 to " + (size - width));
    }

    private static Scalar sum(Pointer pointer, int offset) {
        return ScalarArithmetic.wide(BinaryOperation.ADD, pointer.offset(), Scalar.constant(offset));
    }

    /** Regions begin at multiples of 8, so the offset alone decides. */
    private static @Nullable Violation alignment(Assertion.ValidAccess a, int index, Pointer pointer) {
        if (!a.kind().isAtomic()
                || ScalarArithmetic.isMultipleOf(
                        sum(pointer, a.offset()), a.width().bytes())) {
            return null;
        }
        return EbpfChecker.violation(
                RejectionCode.ATOMIC_ALIGNMENT,
                index,
                a,
                "the offset is " + sum(pointer, a.offset()),
                "a multiple of " + a.width().bytes());
    }
}
