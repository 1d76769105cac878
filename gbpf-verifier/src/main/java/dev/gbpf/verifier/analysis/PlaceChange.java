package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.domain.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an instruction does to {@link Places}, as far as a {@link CounterTracker} follows it; the state before it tells where stores go. */
sealed interface PlaceChange {
    /** The frame whose places change; {@link #ANY_FRAME} for those of all. */
    int frame();

    /** All frames. */
    int ANY_FRAME = -1;

    /** A register has a number from {@code least} to {@code greatest} added. */
    record Added(int frame, int register, long least, long greatest, boolean is64) implements PlaceChange {}

    /** A place gets what another holds; if not {@code whole}, its low 32 bits. */
    record Copied(int frame, int from, int to, boolean whole) implements PlaceChange {}

    /** The places from {@code first} to {@code last} get something else. */
    record Lost(int frame, int first, int last) implements PlaceChange {}

    /** Only the low 32 bits of a place stay. */
    record HighHalfLost(int frame, int place) implements PlaceChange {}

    /** Adds the changes that {@code instruction} makes in {@code before}. */
    static void add(Instruction instruction, EbpfState before, List<PlaceChange> changes) {
        int frame = before.depth();
        switch (instruction) {
            case Instruction.Alu i -> set(frame, i.dst(), sum(i, before), changes);
            case Instruction.Mov i -> set(frame, i.dst(), moved(i, before), changes);
            case Instruction.Neg i -> set(frame, i.dst(), null, changes);
            case Instruction.ByteSwap i -> set(frame, i.dst(), null, changes);
            case Instruction.LoadImm64 i -> set(frame, i.dst(), null, changes);
            case Instruction.LoadPseudo i -> set(frame, i.dst(), null, changes);
            case Instruction.Load i -> set(frame, i.dst(), loaded(i, before), changes);
            case Instruction.Store i -> store(i, before, changes);
            case Instruction.Atomic i -> {
                memoryLost(before, i.base(), i.offset(), i.is64() ? 8 : 4, changes);
                if (i.fetch()) {
                    set(frame, i.op() == AtomicOp.CMPXCHG ? Register.R0 : i.src(), null, changes);
                }
            }
            case Instruction.CallHelper i -> {
                changes.add(scratchLost(frame));
                if (Helper.byId(i.id()).filter(Helper::writesMemory).isPresent()) {
                    changes.add(new Lost(ANY_FRAME, Places.REGISTERS, Places.COUNT - 1));
                }
            }
            // Where a function returns to, its caller's r0 to r5 have other values.
            case Instruction.Exit i -> {
                if (frame > 0) {
                    changes.add(scratchLost(frame - 1));
                }
            }
            case Instruction.Jump i -> {}
            case Instruction.CondJump i -> {}
            case Instruction.CallLocal i -> {}
            case Instruction.CallBtf i -> {}
            case Instruction.CallRegister i -> {}
        }
    }

    private static Lost scratchLost(int frame) {
        return new Lost(frame, 0, 5);
    }

    private static void set(int frame, Register register, @Nullable PlaceChange change, List<PlaceChange> changes) {
        if (register != Register.R10) {
            changes.add(change != null ? change : new Lost(frame, register.number(), register.number()));
        }
    }

    private static @Nullable PlaceChange sum(Instruction.Alu i, EbpfState before) {
        boolean sum = i.op() == AluOp.ADD || i.op() == AluOp.SUB;
        if (!sum
                || !isCountable(before.get(i.dst()), i.is64())
                || !(EbpfTransformer.operand(before, i.src()) instanceof Numeric n)) {
            return null;
        }
        Word step = i.is64() ? n.scalar().wide() : n.scalar().low();
        if (step.smin() == Long.MIN_VALUE) {
            return null;
        }
        boolean adds = i.op() == AluOp.ADD;
        return new Added(
                before.depth(),
                i.dst().number(),
                adds ? step.smin() : -step.smax(),
                adds ? step.smax() : -step.smin(),
                i.is64());
    }

    /** A number; or a pointer, of which the offset counts. */
    private static boolean isCountable(Value value, boolean is64) {
        return value instanceof Numeric || (is64 && value instanceof Pointer p && !p.maybeNull());
    }

    private static @Nullable PlaceChange moved(Instruction.Mov i, EbpfState before) {
        if (!(i.src() instanceof Register source)
                || source == Register.R10
                || i.signBits() == 8
                || i.signBits() == 16) {
            return null;
        }
        boolean whole = i.signBits() == 0
                && (i.is64()
                        || (before.get(source) instanceof Numeric n
                                && n.scalar().fitsBits(32)));
        return new Copied(before.depth(), source.number(), i.dst().number(), whole);
    }

    private static @Nullable PlaceChange loaded(Instruction.Load i, EbpfState before) {
        StackAccess access = wordOfFrame(before, i.base(), i.offset(), i.width());
        return access == null
                ? null
                : new Copied(
                        before.depth(), Places.unit(access.position()), i.dst().number(), i.width() == Width.DW);
    }

    private static void store(Instruction.Store i, EbpfState before, List<PlaceChange> changes) {
        memoryLost(before, i.base(), i.offset(), i.width().bytes(), changes);
        StackAccess access = wordOfFrame(before, i.base(), i.offset(), i.width());
        if (access != null && i.src() instanceof Register source && source != Register.R10) {
            changes.add(
                    new Copied(before.depth(), source.number(), Places.unit(access.position()), i.width() == Width.DW));
        }
    }

    /** The access when it is to one aligned object of 4 or 8 bytes of the frame that runs, else null. */
    private static @Nullable StackAccess wordOfFrame(EbpfState before, Register base, int offset, Width width) {
        boolean isWord = width == Width.DW || width == Width.W;
        if (!isWord
                || !(before.get(base) instanceof Pointer p)
                || !(p.region() instanceof Region.Stack stack)
                || stack.frame() != before.depth()) {
            return null;
        }
        StackAccess access = StackAccess.of(p, offset, width.bytes());
        return access != null && access.isExact() && access.position() % width.bytes() == 0 ? access : null;
    }

    /** Adds the loss of the units that a store can touch, and of a number that loses its high half, of that. */
    private static void memoryLost(EbpfState before, Register base, int offset, int width, List<PlaceChange> changes) {
        if (!(before.get(base) instanceof Pointer p) || !(p.region() instanceof Region.Stack stack)) {
            return;
        }
        StackAccess access = StackAccess.of(p, offset, width);
        if (access == null) {
            changes.add(new Lost(stack.frame(), Places.REGISTERS, Places.COUNT - 1));
            return;
        }
        int first = Places.unit(access.position());
        changes.add(new Lost(stack.frame(), first, Places.unit(access.position() + access.size() - 1)));
        if (!Places.isWide(first)) {
            changes.add(new HighHalfLost(stack.frame(), first - 1));
        }
    }
}
