package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.ReturnKind;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.BinaryOperation;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import dev.gbpf.verifier.platform.ContextModel;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.List;

/**
 * The abstract semantics of the instructions that do not branch: what holds after one, if all that had to hold before it did.
 *
 * <p>It never fails. Where an assertion does not hold the program is rejected whatever comes out here, so the result only has
 * to keep the analysis going: usually an uninitialised value.
 */
final class EbpfTransformer {
    private final List<MapDefinition> maps;
    private final ContextModel context;
    private final boolean anyResults;
    private final LastResults last;
    /** See {@link #expectAgain}. */
    private boolean again = true;

    /**
     * A transformer.
     *
     * @param size how many instructions the program has
     */
    EbpfTransformer(List<MapDefinition> maps, ProgramType type, int size) {
        this.last = new LastResults(size);
        this.maps = maps;
        this.context = type.context();
        this.anyResults = type.anyResults();
    }

    /** Tells whether the instructions that follow will be asked about again: whether results are worth keeping. */
    void expectAgain(boolean expected) {
        again = expected;
    }

    /** Changes {@code state} to what holds after {@code instruction}, the one of this index. */
    void apply(EbpfState state, Instruction instruction, int index) {
        switch (instruction) {
            case Instruction.Alu i -> state.set(i.dst(), arithmetic(state, i, index));
            case Instruction.Mov i -> state.set(i.dst(), moved(state, i));
            case Instruction.Neg i -> state.set(i.dst(), negated(state.get(i.dst()), i.is64()));
            case Instruction.ByteSwap i -> state.set(i.dst(), swapped(state.get(i.dst()), i));
            case Instruction.LoadImm64 i -> state.set(i.dst(), Numeric.constant(i.value()));
            case Instruction.LoadPseudo i -> state.set(i.dst(), pseudo(i));
            case Instruction.Load i -> state.set(i.dst(), loaded(state, i));
            case Instruction.Store i -> store(state, i);
            case Instruction.Atomic i -> atomic(state, i);
            case Instruction.CallHelper i -> call(state, i, index);
            // These end blocks; what they do to a state is the matter of edges.
            case Instruction.Jump i -> {}
            case Instruction.CondJump i -> {}
            case Instruction.CallLocal i -> {}
            case Instruction.CallBtf i -> {}
            case Instruction.CallRegister i -> {}
            case Instruction.Exit i -> {}
        }
    }

    /** The value of an operand; an immediate is sign-extended. */
    static Value operand(EbpfState state, Operand operand) {
        return switch (operand) {
            case Register r -> state.get(r);
            case Immediate i -> Numeric.constant(i.value());
        };
    }

    private Value arithmetic(EbpfState state, Instruction.Alu i, int index) {
        Value left = state.get(i.dst());
        Value right = operand(state, i.src());
        if (left instanceof Numeric a && right instanceof Numeric b) {
            return number(i, index, a, b);
        }
        if (!i.is64()) {
            return Uninitialised.INSTANCE;
        }
        if (i.op() == AluOp.ADD
                && left instanceof Pointer p
                && right instanceof Numeric
                && shared(state, i.src()) instanceof Numeric n) {
            return sum(index, p, n);
        }
        if (i.op() == AluOp.ADD && left instanceof Numeric n && right instanceof Pointer p) {
            return sum(index, p, n);
        }
        if (i.op() == AluOp.SUB && left instanceof Pointer p && right instanceof Numeric n) {
            Scalar offset = ScalarArithmetic.wide(BinaryOperation.SUBTRACT, p.offset(), n.scalar());
            return n.scalar().isConstant()
                    ? shifted(
                            p, offset, p.symbol(), p.delta() - n.scalar().wide().umin())
                    : Pointer.at(p.region(), offset);
        }
        return Uninitialised.INSTANCE;
    }

    /** The value of an operand that the result will be related to. */
    private static Value shared(EbpfState state, Operand operand) {
        return operand instanceof Register r ? state.share(r) : operand(state, operand);
    }

    private Value number(Instruction.Alu i, int index, Numeric a, Numeric b) {
        boolean difference = i.op() == AluOp.SUB || i.op() == AluOp.XOR;
        if (difference && (i.src() == i.dst() || a.equalsAlways(b))) {
            return Numeric.of(Scalar.constant(0));
        }
        if (i.is64() && i.op() == AluOp.SUB && a.symbol() != 0 && a.symbol() == b.symbol()) {
            return Numeric.of(Scalar.constant(a.delta() - b.delta()));
        }
        Numeric result = computed(index, Operators.of(i.op()), i.is64(), a.scalar(), b.scalar());
        if (i.op() == AluOp.ADD || i.op() == AluOp.SUB) {
            boolean add = i.op() == AluOp.ADD;
            if (b.scalar().isConstant() && a.symbol() != 0) {
                long step = add ? b.scalar().wide().umin() : -b.scalar().wide().umin();
                return sum(i, a, step, result);
            }
            if (add && a.scalar().isConstant() && b.symbol() != 0) {
                return sum(i, b, a.scalar().wide().umin(), result);
            }
        }
        return result;
    }

    private Numeric computed(int index, BinaryOperation operation, boolean is64, Scalar a, Scalar b) {
        Numeric known = again ? last.of(index, a, b) : null;
        if (known != null) {
            return known;
        }
        Numeric result = Numeric.of(
                is64 ? ScalarArithmetic.wide(operation, a, b) : ScalarArithmetic.low(operation, a, b));
        return again ? last.keep(index, a, b, result) : result;
    }

    /** A number that is {@code number} plus a constant, unless 32-bit arithmetic cut the sum. */
    private static Numeric sum(Instruction.Alu i, Numeric number, long step, Numeric result) {
        long signedStep = i.is64() ? step : (int) step;
        boolean whole = i.is64() || ScalarArithmetic.isLowSum(number.scalar(), signedStep);
        return whole ? new Numeric(result.scalar(), number.symbol(), number.delta() + signedStep) : result;
    }

    /** A pointer that may be null is refused, so the result is none; it is another value, without the old identity. */
    private Pointer sum(int index, Pointer pointer, Numeric number) {
        Scalar offset = computed(index, BinaryOperation.ADD, true, pointer.offset(), number.scalar())
                .scalar();
        if (number.scalar().isConstant()) {
            return shifted(
                    pointer,
                    offset,
                    pointer.symbol(),
                    pointer.delta() + number.scalar().wide().umin());
        }
        return pointer.offset().isConstant()
                ? shifted(
                        pointer,
                        offset,
                        number.symbol(),
                        number.delta() + pointer.offset().wide().umin())
                : Pointer.at(pointer.region(), offset);
    }

    private static Pointer shifted(Pointer pointer, Scalar offset, int symbol, long delta) {
        return new Pointer(pointer.region(), offset, false, 0, symbol, delta);
    }

    private static Value moved(EbpfState state, Instruction.Mov i) {
        if (i.src() instanceof Immediate immediate) {
            return Numeric.constant(i.is64() ? immediate.value() : Integer.toUnsignedLong(immediate.value()));
        }
        Register source = (Register) i.src();
        if (i.is64() && i.signBits() == 0) {
            return state.share(source);
        }
        if (!(state.get(source) instanceof Numeric n)) {
            return Uninitialised.INSTANCE;
        }
        if (i.signBits() == 0) {
            // A number below 2^32 is copied whole.
            return n.scalar().fitsBits(32) ? state.share(source) : Numeric.of(ScalarArithmetic.lowHalf(n.scalar()));
        }
        return Numeric.of(
                i.is64()
                        ? ScalarArithmetic.signExtend(n.scalar(), i.signBits())
                        : ScalarArithmetic.signExtendLow(n.scalar(), i.signBits()));
    }

    private static Value negated(Value value, boolean is64) {
        if (!(value instanceof Numeric n)) {
            return Uninitialised.INSTANCE;
        }
        Scalar zero = Scalar.constant(0);
        return Numeric.of(
                is64
                        ? ScalarArithmetic.wide(BinaryOperation.SUBTRACT, zero, n.scalar())
                        : ScalarArithmetic.low(BinaryOperation.SUBTRACT, zero, n.scalar()));
    }

    /** The machine is little-endian: conversion to that order only cuts, the others also swap. */
    private static Value swapped(Value value, Instruction.ByteSwap i) {
        if (!(value instanceof Numeric n)) {
            return Uninitialised.INSTANCE;
        }
        return Numeric.of(
                i.kind() == ByteSwapKind.LE
                        ? ScalarArithmetic.truncate(n.scalar(), i.bits())
                        : ScalarArithmetic.reverseBytes(n.scalar(), i.bits()));
    }

    private Value pseudo(Instruction.LoadPseudo i) {
        return switch (i.kind()) {
            case MAP_BY_FD, MAP_BY_INDEX -> new MapReference(i.imm());
            case MAP_VALUE_BY_FD, MAP_VALUE_BY_INDEX -> {
                MapDefinition map = maps.get(i.imm());
                yield Pointer.at(Region.MapValue.area(i.imm(), map), Scalar.constant(i.nextImm()));
            }
            case VARIABLE, CODE -> Uninitialised.INSTANCE;
        };
    }

    private Value loaded(EbpfState state, Instruction.Load i) {
        Value value = read(state, i.base(), i.offset(), i.width());
        if (i.signExtend() && value instanceof Numeric n) {
            return Numeric.of(ScalarArithmetic.signExtend(n.scalar(), i.width().bits()));
        }
        return value;
    }

    private Value read(EbpfState state, Register base, int offset, Width width) {
        if (!(state.get(base) instanceof Pointer p)) {
            return Uninitialised.INSTANCE;
        }
        Value unknown = Numeric.of(Scalar.ofBits(width.bits()));
        return switch (p.region()) {
            case Region.Context c -> field(p.offset(), offset, width, unknown);
            case Region.RawMemory m -> unknown;
            case Region.ReservedRecord r -> unknown;
            case Region.MapValue v -> mapValue(v, p.offset(), offset, width, unknown);
            case Region.Stack stack -> {
                StackAccess access = StackAccess.of(p, offset, width.bytes());
                if (access == null) {
                    yield Uninitialised.INSTANCE;
                }
                yield access.isExact() ? readSlot(state, stack.frame(), access.position(), width.bytes()) : unknown;
            }
        };
    }

    /** A number in a map: known where the map is read-only and has one element. */
    private Value mapValue(Region.MapValue region, Scalar pointerOffset, int offset, Width width, Value unknown) {
        MapDefinition map = maps.get(region.map());
        long at = pointerOffset.wide().smin() + offset;
        boolean known = region.readOnly() && map.maxEntries() == 1 && pointerOffset.isConstant() && at >= 0;
        return known ? Numeric.of(Scalar.constant(map.initial().number(at, width.bytes()))) : unknown;
    }

    /** A field of the context: the plane promises a range for what programs cannot write. */
    private Value field(Scalar pointerOffset, int offset, Width width, Value unknown) {
        if (!(context instanceof ContextModel.Fields fields) || !pointerOffset.isConstant()) {
            return unknown;
        }
        long at = pointerOffset.wide().smin() + offset;
        return fields.layout().fields().stream()
                .filter(f -> f.offset() == at && f.width() == width && !f.writable())
                .findFirst()
                .<Value>map(f -> Numeric.of(Scalar.unsigned(f.min(), f.max())))
                .orElse(unknown);
    }

    /** A whole value that is loaded is the stored one. */
    private static Value readSlot(EbpfState state, int frame, int position, int width) {
        StackFrame memory = state.frame(frame);
        Value value = memory.read(position, width);
        boolean whole = position % 8 + width <= StackSlot.BYTES
                && memory.slot(position / 8).holds(position % 8, width);
        if (whole) {
            Value related = Values.related(value, state::freshIdentity);
            if (!Values.same(related, value)) {
                state.setFrame(
                        frame,
                        memory.with(position / 8, memory.slot(position / 8).replace(position % 8, related)));
            }
            return related;
        }
        return value;
    }

    private static void store(EbpfState state, Instruction.Store i) {
        if (!(state.get(i.base()) instanceof Pointer p) || !(p.region() instanceof Region.Stack stack)) {
            // Other memory is not tracked.
            return;
        }
        StackAccess access = StackAccess.of(p, i.offset(), i.width().bytes());
        if (access == null) {
            return;
        }
        StackFrame memory = state.frame(stack.frame());
        if (access.isExact()) {
            Value value = i.src() instanceof Register r ? state.share(r) : operand(state, i.src());
            state.setFrame(
                    stack.frame(), memory.write(access.position(), i.width().bytes(), value));
        } else {
            state.setFrame(stack.frame(), memory.mayWrite(access.position(), access.size()));
        }
    }

    private static void atomic(EbpfState state, Instruction.Atomic i) {
        int width = i.is64() ? 8 : 4;
        if (state.get(i.base()) instanceof Pointer p && p.region() instanceof Region.Stack stack) {
            StackAccess access = StackAccess.of(p, i.offset(), width);
            if (access != null) {
                StackFrame memory = state.frame(stack.frame());
                state.setFrame(stack.frame(), memory.mayWrite(access.position(), access.size()));
            }
        }
        if (i.fetch()) {
            Register result = i.op() == AtomicOp.CMPXCHG ? Register.R0 : i.src();
            state.set(result, Numeric.of(Scalar.ofBits(8 * width)));
        }
    }

    private void call(EbpfState state, Instruction.CallHelper i, int index) {
        Value result = Helper.byId(i.id()).map(h -> called(state, h, index)).orElse(Uninitialised.INSTANCE);
        state.clobberArguments();
        state.set(Register.R0, result);
    }

    /** What the helper does to memory and references; its result. */
    private Value called(EbpfState state, Helper helper, int index) {
        Value result = result(state, helper, index);
        for (int k = 0; k < helper.arguments().size(); k++) {
            if (!(state.get(Register.of(k + 1)) instanceof Pointer pointer)) {
                continue;
            }
            ArgumentKind kind = helper.arguments().get(k).kind();
            if (kind == ArgumentKind.RECORD && pointer.region() instanceof Region.ReservedRecord record) {
                state.release(record);
            } else if (kind == ArgumentKind.MAP_VALUE_OUT
                    && pointer.region() instanceof Region.Stack stack
                    && state.get(Register.R1) instanceof MapReference reference) {
                fill(state, stack, pointer, maps.get(reference.map()).valueSize());
            }
        }
        return result;
    }

    /** Numbers are written to memory of the stack, all of it. */
    private static void fill(EbpfState state, Region.Stack stack, Pointer pointer, int size) {
        StackAccess access = StackAccess.of(pointer, 0, size);
        if (access == null) {
            return;
        }
        StackFrame memory = state.frame(stack.frame());
        if (!access.isExact()) {
            state.setFrame(stack.frame(), memory.mayWrite(access.position(), access.size()));
            return;
        }
        for (int at = access.position(); at < access.position() + size; ) {
            int width = Math.min(StackSlot.BYTES - at % StackSlot.BYTES, access.position() + size - at);
            memory = memory.writeUnknown(at, width);
            at += width;
        }
        state.setFrame(stack.frame(), memory);
    }

    private Value result(EbpfState state, Helper helper, int index) {
        if (helper.returnKind() == ReturnKind.SCALAR) {
            return Numeric.of(
                    anyResults ? Scalar.ofBits(Long.SIZE) : Scalar.signed(helper.returnMin(), helper.returnMax()));
        }
        for (int k = 0; k < helper.arguments().size(); k++) {
            if (state.get(Register.of(k + 1)) instanceof MapReference reference) {
                MapDefinition map = maps.get(reference.map());
                if (helper.acquires()) {
                    return acquired(state, reference.map(), index);
                }
                Region value = Region.MapValue.value(reference.map(), map);
                return map.kind().isIndexed() && isElement(state, helper, map)
                        ? Pointer.to(value)
                        : new Pointer(value, Scalar.constant(0), true, state.freshIdentity(), 0, 0);
            }
        }
        return Uninitialised.INSTANCE;
    }

    private Value acquired(EbpfState state, int map, int index) {
        return state.get(Register.R2) instanceof Numeric size && size.scalar().isConstant()
                ? state.acquire(new Region.ReservedRecord(
                        map, maps.get(map).name(), (int) size.scalar().wide().umin(), index))
                : Uninitialised.INSTANCE;
    }

    /** Whether the key on the stack is known to be the number of an element: an array has them all. */
    private static boolean isElement(EbpfState state, Helper helper, MapDefinition map) {
        for (int k = 0; k < helper.arguments().size(); k++) {
            if (helper.arguments().get(k).kind() == ArgumentKind.MAP_KEY
                    && state.get(Register.of(k + 1)) instanceof Pointer key
                    && key.region() instanceof Region.Stack stack) {
                StackAccess access = StackAccess.of(key, 0, map.keySize());
                return access != null
                        && access.isExact()
                        && state.frame(stack.frame()).read(access.position(), map.keySize()) instanceof Numeric n
                        && Long.compareUnsigned(n.scalar().wide().umax(), map.maxEntries()) < 0;
            }
        }
        return false;
    }
}
