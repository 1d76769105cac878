package dev.gbpf.verifier.precision;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.domain.Word;
import org.jspecify.annotations.Nullable;

/**
 * Why Linux refuses a program that gBPF accepts. Linux's message says what it asks for, and each answer is confirmed by what gBPF knows:
 * that the access is not aligned, that the arithmetic leaves the object before a test, or, where Linux knows less of a value, which
 * branch or operation on Linux's own way to the instruction tells gBPF more.
 */
final class LaxerReason {
    /** What Linux lets an offset be, at most. */
    private static final long LINUX_OFFSETS = 1L << 29;

    private final LinuxWay way;

    LaxerReason(LinuxWay way) {
        this.way = way;
    }

    /** The reason in words, or null when none is confirmed. */
    @Nullable
    String of(String message) {
        int last = way.last();
        if (way.at(last).isEmpty()) {
            return way.untaken();
        }
        if (message.startsWith("misaligned stack access") && isUnaligned(last)) {
            return "a stack access at an unaligned offset";
        }
        if (message.equals("div by zero")) {
            return isDivisionByZero(way.instruction(last))
                    ? "division by the constant 0, which RFC 9669 defines"
                    : null;
        }
        if (message.startsWith("BPF program is too large") || message.contains("jumps is too complex")) {
            return "more iterations or ways than Linux goes through one by one";
        }
        boolean isArithmetic = message.contains("math between map_value pointer")
                || message.contains("makes map_value pointer be out of bounds")
                || message.contains("map_value pointer offset");
        if (isArithmetic && leavesObject(last)) {
            return "an address leaves the map value before a test bounds it";
        }
        String better = new ValueTrail(way).knownBetter(last);
        String never = better != null ? better : way.notTaken(last);
        return never != null ? never : way.impossibleWay();
    }

    private boolean isUnaligned(int position) {
        return switch (way.instruction(position)) {
            case Instruction.Load i ->
                isUnaligned(position, i.base(), i.offset(), i.width().bytes());
            case Instruction.Store i ->
                isUnaligned(position, i.base(), i.offset(), i.width().bytes());
            case Instruction.Atomic i -> isUnaligned(position, i.base(), i.offset(), i.is64() ? 8 : 4);
            default -> false;
        };
    }

    private boolean isUnaligned(int position, Register base, int offset, int width) {
        return way.at(position).stream().anyMatch(at -> {
            if (!(at.state().get(base) instanceof Pointer p) || !(p.region() instanceof Region.Stack)) {
                return false;
            }
            Word word = p.offset().wide();
            return word.isConstant()
                    ? (word.smin() + offset) % width != 0
                    : ((word.ones() | word.unknown() | offset) & (width - 1)) != 0;
        });
    }

    private static boolean isDivisionByZero(Instruction instruction) {
        return instruction instanceof Instruction.Alu i
                && i.src() instanceof Immediate zero
                && zero.value() == 0
                && switch (i.op()) {
                    case DIV, MOD, SDIV, SMOD -> true;
                    default -> false;
                };
    }

    /** Whether a sum of an address and a number may be outside of what is pointed into, or of what Linux computes with. */
    private boolean leavesObject(int position) {
        return way.instruction(position) instanceof Instruction.Alu i
                && way.at(position).stream().anyMatch(at -> {
                    EbpfState after = way.states().after(at.state(), way.index(position));
                    if (!(after.get(i.dst()) instanceof Pointer p) || !(p.region() instanceof Region.MapValue value)) {
                        return false;
                    }
                    Word offset = p.offset().wide();
                    Word number = LinuxWay.operand(at.state(), i.src()) instanceof Numeric n
                            ? n.scalar().wide()
                            : offset;
                    return offset.smin() < 0
                            || offset.smax() >= value.size()
                            || number.smin() < -LINUX_OFFSETS
                            || number.smax() > LINUX_OFFSETS;
                });
    }
}
