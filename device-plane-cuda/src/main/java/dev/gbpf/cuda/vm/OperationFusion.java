package dev.gbpf.cuda.vm;

import static dev.gbpf.cuda.vm.DeviceOp.*;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes one operation of some that follow each other, where the device has one that does the same. */
final class OperationFusion {
    /*
     * A dispatch takes far longer than what most operations do after it, so fewer operations that do more are what makes programs
     * fast. Each operation is tried with the one before it, and what becomes of the two with the one before those. Nothing is
     * fused with an operation that others jump to. What an operation leaves in a register for the next one only, as
     * liveness says, is not there any more after the fusion.
     */
    private final List<Operation> operations;
    private final boolean[] isTarget;
    private final int[] liveAfter;

    private final List<Operation> fused = new ArrayList<>();
    /** For each fused operation the last one that it is made of. */
    private final List<Integer> lasts = new ArrayList<>();
    /** How many fused operations control may come to the next one behind. */
    private int barrier;

    private OperationFusion(List<Operation> operations) {
        this.operations = operations;
        this.isTarget = new boolean[operations.size()];
        this.liveAfter = OperationLiveness.after(operations);
        for (Operation operation : operations) {
            if (operation.target() >= 0) {
                isTarget[operation.target()] = true;
            }
        }
    }

    /**
     * A program of fewer operations.
     *
     * @param moved gets for each operation of before where it, or what it became a part of, is now
     */
    static List<Operation> fuse(List<Operation> operations, int[] moved) {
        OperationFusion fusion = new OperationFusion(operations);
        for (int i = 0; i < operations.size(); i++) {
            fusion.add(i);
        }
        int at = 0;
        for (int i = 0; i < operations.size(); i++) {
            while (fusion.lasts.get(at) < i) {
                at++;
            }
            moved[i] = at;
        }
        return fusion.fused.stream()
                .map(o -> o.target() < 0 ? o : o.withTarget(moved[o.target()]))
                .toList();
    }

    private void add(int i) {
        if (isTarget[i]) {
            barrier = fused.size();
            returnBefore(operations.get(i));
        }
        Operation now = operations.get(i);
        if (now.is(JUMP) && operations.get(now.target()).is(EXIT)) {
            now = operations.get(now.target());
        }
        int live = liveAfter[i];
        while (fused.size() > barrier) {
            Operation last = fused.getLast();
            Operation both = both(last, now, live);
            if (both != null) {
                removeLast(1);
                now = both;
                continue;
            }
            Operation fields =
                    fused.size() > barrier + 1 ? compareFields(fused.get(fused.size() - 2), last, now, live) : null;
            if (fields != null) {
                removeLast(2);
                now = fields;
                continue;
            }
            Operation before = fused.size() > barrier + 1 && isPast(fused.get(fused.size() - 2), last, now)
                    ? withConstant(fused.get(fused.size() - 2), now, live)
                    : null;
            if (before == null) {
                break;
            }
            int lastOfLast = lasts.getLast();
            removeLast(2);
            push(last, lastOfLast);
            now = before;
        }
        push(now, i);
        if (now.is(CALL_HELPER) || now.is(CALL_LOCAL) || now.is(EXIT)) {
            barrier = fused.size();
        }
    }

    private void push(Operation operation, int last) {
        fused.add(operation);
        lasts.add(last);
    }

    private void removeLast(int count) {
        for (int i = 0; i < count; i++) {
            fused.removeLast();
            lasts.removeLast();
        }
    }

    /** An end that others jump to stays where it is; who only comes to it from before may end before. */
    private void returnBefore(Operation now) {
        if (now.is(EXIT) && !fused.isEmpty()) {
            Operation end = end(fused.getLast());
            if (end != null) {
                fused.set(fused.size() - 1, end);
            }
        }
    }

    /** Whether {@code d = imm} may as well come after the last operation, for one that works on d. */
    private static boolean isPast(Operation first, Operation last, Operation now) {
        int d = now.d();
        return first.is(MOV64_I) && first.d() == d && writesOnlyD(last) && last.d() != d && last.a() != d;
    }

    /** Two operations as one; null when there is none. */
    private @Nullable Operation both(Operation first, Operation second, int live) {
        Operation result = switch (second.op()) {
            case EXIT -> end(first);
            case JEQ64, JLT64, JSLT64, JSET64 -> jumpWithResult(first, second);
            case XOR64 -> xorOfShifted(first, second, live);
            case MUL64_I -> mix(first, second);
            case MIX -> first.is(MUL64_I) ? hash(first, second) : mix(first, second);
            default -> null;
        };
        if (result == null) {
            result = composed(first, second, live);
        }
        if (result == null) {
            result = withConstant(first, second, live);
        }
        return result != null ? result : withCopied(first, second, live);
    }

    private static @Nullable Operation end(Operation first) {
        if (first.d() != 0) {
            return null;
        }
        return switch (first.op()) {
            case MOV64_I -> Operation.of(RETURN_I, 0, 0, 0, first.imm());
            case MOV64 -> Operation.of(RETURN_SHR_AND, 0, first.a(), 0, -1);
            case AND64_I, SHR_AND -> Operation.of(RETURN_SHR_AND, 0, first.a(), first.offset(), first.imm());
            default -> null;
        };
    }

    private static @Nullable Operation jumpWithResult(Operation first, Operation second) {
        boolean sets = first.is(MOV64_I) && first.d() == 0 && first.imm() == (int) first.imm();
        if (!sets || second.d() == 0 || second.a() == 0 || JumpForm.hasResult(second.imm())) {
            return null;
        }
        long imm = JumpForm.withResult(second.imm(), (int) first.imm());
        return new Operation(second.op(), second.d(), second.a(), second.offset(), imm, second.target());
    }

    /** A jump that compares two registers that hold fields of others, which are not read any more. */
    private static @Nullable Operation compareFields(Operation first, Operation second, Operation jump, int live) {
        if (!jump.is(JEQ64) && !jump.is(JLT64)) {
            return null;
        }
        boolean inOrder = first.d() == jump.d() && second.d() == jump.a();
        boolean crossed = second.d() == jump.d() && first.d() == jump.a();
        boolean areFields = FieldsForm.isField(first) && FieldsForm.isField(second) && FieldsForm.fits(jump.imm());
        boolean independent = first.d() != second.d() && first.d() != second.a() && second.d() != first.a();
        boolean areLost = ((live >> first.d()) & 1) == 0 && ((live >> second.d()) & 1) == 0;
        if (!(inOrder || crossed) || !areFields || !independent || !areLost) {
            return null;
        }
        Operation left = inOrder ? first : second;
        Operation right = inOrder ? second : first;
        DeviceOp op = jump.is(JEQ64) ? JEQ_FIELDS : JLT_FIELDS;
        return new Operation(op, left.a(), right.a(), 0, FieldsForm.of(jump.imm(), left, right), jump.target());
    }

    /** {@code t = a >> k; d = d ^ t}. */
    private static @Nullable Operation xorOfShifted(Operation first, Operation second, int live) {
        boolean shifts = first.is(SHR_AND) && first.imm() == -1;
        if (!shifts || first.d() != second.a() || !isLost(first.d(), second.d(), live) || first.d() == second.d()) {
            return null;
        }
        return Operation.of(MIX, second.d(), first.a(), MixShifts.of(first.offset(), MixShifts.ALL), 1);
    }

    /** A mix that another step follows. */
    private static @Nullable Operation mix(Operation first, Operation second) {
        int d = first.d();
        if (second.d() != d || second.a() != d) {
            return null;
        }
        int shift;
        int then;
        if (first.is(XOR64) && first.a() != d) {
            shift = 0;
            then = MixShifts.ALL;
        } else if (first.is(MIX) && first.imm() == 1) {
            shift = MixShifts.first(first.offset());
            then = MixShifts.second(first.offset());
        } else {
            return null;
        }
        if (second.is(MUL64_I)) {
            return Operation.of(MIX, d, first.a(), MixShifts.of(shift, then), second.imm());
        }
        if (then != MixShifts.ALL || MixShifts.second(second.offset()) != MixShifts.ALL) {
            return null;
        }
        return Operation.of(MIX, d, first.a(), MixShifts.of(shift, MixShifts.first(second.offset())), second.imm());
    }

    /** A product that a whole mix follows. */
    private static @Nullable Operation hash(Operation product, Operation mix) {
        int d = mix.d();
        boolean whole = product.d() == d && mix.a() != d && mix.imm() != 1;
        boolean fits = HashForm.hasRoomFor(product.imm())
                && HashForm.hasRoomFor(mix.imm())
                && HashForm.hasRoomFor(d)
                && HashForm.hasRoomFor(product.a())
                && HashForm.hasRoomFor(mix.a());
        if (!whole || !fits) {
            return null;
        }
        int offset = HashForm.offset(mix.offset(), mix.a());
        return Operation.of(HASH, d, product.a(), offset, HashForm.imm(product.imm(), mix.imm()));
    }

    /** {@code t = f(a); d = g(t)} of the same kind. */
    private static @Nullable Operation composed(Operation first, Operation second, int live) {
        if (first.d() != second.a() || !isLost(first.d(), second.d(), live)) {
            return null;
        }
        int shift = first.offset() + second.offset();
        if (isMask(first) && isMask(second) && shift < Long.SIZE) {
            long mask = (first.imm() >>> second.offset()) & second.imm();
            return Operation.of(shift == 0 ? AND64_I : SHR_AND, second.d(), first.a(), shift, mask);
        }
        if (isSum(first) && isSum(second) && shift < Long.SIZE) {
            long sum = (first.imm() << second.offset()) + second.imm();
            return Operation.of(shift == 0 ? ADD64_I : SHL_ADD, second.d(), first.a(), shift, sum);
        }
        if (first.is(MUL64_I) && second.is(MUL64_I)) {
            return Operation.of(MUL64_I, second.d(), first.a(), 0, first.imm() * second.imm());
        }
        return null;
    }

    /** An operation one of whose operands is a constant. */
    private static @Nullable Operation withConstant(Operation first, Operation second, int live) {
        if (!first.is(MOV64_I)) {
            return null;
        }
        int d = second.d();
        int a = second.a();
        long imm = first.imm();
        if (first.d() == d && a != d) {
            return switch (second.op()) {
                case ADD64 -> Operation.of(ADD64_I, d, a, 0, imm);
                case SUB64 -> Operation.of(RSUB64_I, d, a, 0, imm);
                case MUL64 -> Operation.of(MUL64_I, d, a, 0, imm);
                case AND64 -> Operation.of(AND64_I, d, a, 0, imm);
                default -> null;
            };
        }
        if (first.d() != a || d == a || ((live >> a) & 1) != 0) {
            return null;
        }
        return switch (second.op()) {
            case ADD64 -> Operation.of(ADD64_I, d, d, 0, imm);
            case SUB64 -> Operation.of(ADD64_I, d, d, 0, -imm);
            case MUL64 -> Operation.of(MUL64_I, d, d, 0, imm);
            case AND64 -> Operation.of(AND64_I, d, d, 0, imm);
            case OR64 -> Operation.of(OR64_I, d, 0, 0, imm);
            case XOR64 -> Operation.of(XOR64_I, d, 0, 0, imm);
            case STORE64 -> Operation.of(STORE64_I, 0, d, (int) second.imm(), imm);
            case STORE32 -> Operation.of(STORE32_I, 0, d, (int) second.imm(), imm);
            default -> null;
        };
    }

    /** An operation on a copy, as one on the original. */
    private static @Nullable Operation withCopied(Operation first, Operation second, int live) {
        int copy = first.d();
        if (!first.is(MOV64) || copy == first.a()) {
            return null;
        }
        if (writesOnlyD(second)) {
            return second.a() == copy && isLost(copy, second.d(), live) ? second.withA(first.a()) : null;
        }
        if (((live >> copy) & 1) != 0) {
            return null;
        }
        return switch (second.op()) {
            case ADD64, SUB64, MUL64, AND64, OR64, XOR64, MIX, STORE64, STORE32 ->
                second.a() == copy && second.d() != copy ? second.withA(first.a()) : null;
            case JEQ64, JLT64, JSLT64, JSET64 ->
                second.a() == copy && second.d() != copy
                        ? second.withA(first.a())
                        : second.d() == copy && second.a() != copy ? second.withD(first.a()) : null;
            default -> null;
        };
    }

    /** Whether what a register held is gone after an operation that writes d. */
    private static boolean isLost(int register, int d, int live) {
        return register == d || ((live >> register) & 1) == 0;
    }

    private static boolean isMask(Operation operation) {
        return operation.is(AND64_I) || operation.is(SHR_AND);
    }

    private static boolean isSum(Operation operation) {
        return operation.is(ADD64_I) || operation.is(SHL_ADD);
    }

    /** Whether an operation is {@code d = f(a)}. */
    private static boolean writesOnlyD(Operation operation) {
        return switch (operation.op()) {
            case MOV64, ADD64_I, MUL64_I, AND64_I, RSUB64_I, SHL_ADD, SHR_AND, LOAD64, LOAD32 -> true;
            default -> false;
        };
    }
}
