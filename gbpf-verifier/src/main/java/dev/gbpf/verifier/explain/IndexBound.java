package dev.gbpf.verifier.explain;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.domain.Word;
import dev.gbpf.verifier.explain.Fixes.Case;
import dev.gbpf.verifier.explain.Place.InRegister;
import org.jspecify.annotations.Nullable;

/**
 * The number that was added to a pointer, and the bounds within which the access stays in its object.
 *
 * @param position of the addition on the path
 * @param register the number's
 * @param min least number that will do
 * @param max greatest number that will do
 * @param scale what the number is a multiple of: the size of an element
 */
record IndexBound(int position, Register register, long min, long max, long scale) {

    /** The bounds that an access demands of the variable part of its address; null when there is no such part. */
    static @Nullable IndexBound of(Case fault, AbstractPath path, Assertion assertion) {
        if (fault.violation().code() == RejectionCode.POINTER_OFFSET) {
            return ofAddition(fault.text().program(), path);
        }
        if (!(assertion instanceof Assertion.ValidAccess access)
                || !(path.last().get(access.base()) instanceof Pointer pointer)) {
            return null;
        }
        Place place = new InRegister(access.base(), path.step(path.size() - 1).frame());
        int before = path.size() - 1;
        while (true) {
            Definition definition = Definition.of(path, place, before);
            if (definition.kind() != Definition.Kind.WRITE) {
                return null;
            }
            int at = definition.position();
            int frame = path.step(at).frame();
            switch (path.instruction(at)) {
                case Instruction.Mov(boolean is64, var _, var _, Register source)
                when is64 -> place = new InRegister(source, frame);
                case Instruction.Alu(AluOp op, boolean is64, Register dst, var _)
                when op == AluOp.ADD && is64 && number(path, at) == null -> place = new InRegister(dst, frame);
                case Instruction.Alu(AluOp op, boolean is64, var _, var _)
                when op == AluOp.ADD && is64 -> {
                    Word whole = pointer.offset().wide();
                    return bound(
                            path,
                            at,
                            whole,
                            pointer.region(),
                            access.offset(),
                            access.width().bytes());
                }
                default -> {
                    return null;
                }
            }
            before = at;
        }
    }

    /** The sum itself has no bound: the next access through it says how large it is. */
    private static @Nullable IndexBound ofAddition(Program program, AbstractPath path) {
        int at = path.size() - 1;
        Register number = number(path, at);
        if (number == null
                || !(path.instruction(at) instanceof Instruction.Alu alu)
                || !(path.step(at).before().get(number) instanceof Numeric index)) {
            return null;
        }
        Register base = number == alu.dst() ? (Register) alu.src() : alu.dst();
        if (!(path.step(at).before().get(base) instanceof Pointer pointer)
                || !pointer.offset().isConstant()) {
            return null;
        }
        long first = pointer.offset().wide().smin();
        long size = size(pointer.region());
        long start = pointer.region() instanceof Region.Stack ? -Region.Stack.SIZE : 0;
        Access access = nextThrough(program, path.step(at).index(), alu.dst());
        long min = start - first - access.offset();
        return of(at, number, min, min + size - access.width(), index);
    }

    /** Bytes at an offset from a pointer. */
    private record Access(int offset, int width) {}

    /** The next load or store through a register before it changes; 8 bytes where none is seen. */
    private static Access nextThrough(Program program, int index, Register base) {
        for (int i = index + 1; i < program.size(); i++) {
            switch (program.get(i)) {
                case Instruction.Load load
                when load.base() == base -> {
                    return new Access(load.offset(), load.width().bytes());
                }
                case Instruction.Store store
                when store.base() == base -> {
                    return new Access(store.offset(), store.width().bytes());
                }
                default -> {
                    if (Definition.written(program.get(i)) == base) {
                        return new Access(0, Long.BYTES);
                    }
                }
            }
        }
        return new Access(0, Long.BYTES);
    }

    private static @Nullable IndexBound bound(
            AbstractPath path, int at, Word whole, Region region, int offset, int width) {
        Register number = number(path, at);
        if (number == null || !(path.step(at).before().get(number) instanceof Numeric index)) {
            return null;
        }
        Word part = index.scalar().wide();
        long rest = whole.smin() - part.smin();
        if (rest != whole.smax() - part.smax() || Math.abs(rest) > 1L << 47) {
            return null;
        }
        long start = region instanceof Region.Stack ? -Region.Stack.SIZE : 0;
        long min = start - rest - offset;
        long max = start + size(region) - width - rest - offset;
        return min > max ? null : of(at, number, min, max, index);
    }

    /** One unsigned test will do where 0 is allowed. */
    private static IndexBound of(int at, Register number, long min, long max, Numeric index) {
        return new IndexBound(at, number, min <= 0 && max >= 0 ? 0 : min, max, scale(index));
    }

    private static long scale(Numeric index) {
        Word word = index.scalar().wide();
        int zeros = Long.numberOfTrailingZeros(word.bits().value() | word.bits().mask());
        return 1L << Math.min(zeros, Short.SIZE);
    }

    private static long size(Region region) {
        return switch (region) {
            case Region.Stack _ -> Region.Stack.SIZE;
            case Region.MapValue v -> v.size();
            case Region.ReservedRecord r -> r.size();
            case Region.RawMemory m -> m.size();
            case Region.Context _ -> 0;
        };
    }

    /** The register of a sum that is a number which is not known; null when there is none. */
    private static @Nullable Register number(AbstractPath path, int at) {
        if (!(path.instruction(at) instanceof Instruction.Alu alu) || !(alu.src() instanceof Register source)) {
            return null;
        }
        Value left = path.step(at).before().get(alu.dst());
        Value right = path.step(at).before().get(source);
        if (left instanceof Pointer && right instanceof Numeric n && !n.scalar().isConstant()) {
            return source;
        }
        return right instanceof Pointer
                        && left instanceof Numeric n
                        && !n.scalar().isConstant()
                ? alu.dst()
                : null;
    }
}
