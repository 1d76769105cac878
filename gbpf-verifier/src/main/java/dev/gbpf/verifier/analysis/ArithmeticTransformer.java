package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.BinaryOperation;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;

/** What arithmetic and moves make of numbers and pointers; results are related to what they come from where they differ by a constant. */
final class ArithmeticTransformer {
    private final LastResults last;
    /** See {@link #expectAgain}. */
    private boolean again = true;

    /** For a program of {@code size} instructions. */
    ArithmeticTransformer(int size) {
        this.last = new LastResults(size);
    }

    /** See {@link EbpfTransformer#expectAgain}. */
    void expectAgain(boolean expected) {
        again = expected;
    }

    /** What the operation leaves in its register. */
    Value arithmetic(EbpfState state, Instruction.Alu i, int index) {
        Value left = state.get(i.dst());
        Value right = EbpfTransformer.operand(state, i.src());
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
        return operand instanceof Register r ? state.share(r) : EbpfTransformer.operand(state, operand);
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
        Numeric result =
                Numeric.of(is64 ? ScalarArithmetic.wide(operation, a, b) : ScalarArithmetic.low(operation, a, b));
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

    /** What a move leaves in its register. */
    static Value moved(EbpfState state, Instruction.Mov i) {
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

    static Value negated(Value value, boolean is64) {
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
    static Value swapped(Value value, Instruction.ByteSwap i) {
        if (!(value instanceof Numeric n)) {
            return Uninitialised.INSTANCE;
        }
        return Numeric.of(
                i.kind() == ByteSwapKind.LE
                        ? ScalarArithmetic.truncate(n.scalar(), i.bits())
                        : ScalarArithmetic.reverseBytes(n.scalar(), i.bits()));
    }
}
