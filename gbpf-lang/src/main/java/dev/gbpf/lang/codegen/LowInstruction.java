package dev.gbpf.lang.codegen;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Width;
import dev.gbpf.lang.sema.BoundFunction;
import java.util.function.IntConsumer;

/**
 * An instruction over an unlimited number of registers, with labels for targets. Registers 0 to 9 are the machine's own,
 * 10 is its frame pointer, those from {@link #FIRST_VIRTUAL} on are still to be allocated. Everything is 64 bits wide.
 */
sealed interface LowInstruction {
    /** The frame pointer. */
    int FRAME = 10;
    /** The number of the first register that is not the machine's. */
    int FIRST_VIRTUAL = 11;
    /** A helper, or a function, overwrites r0 up to this register. */
    int LAST_CLOBBERED = 5;
    /** In place of a register number: none. */
    int NONE = -1;

    /** {@code dst = src} */
    record Move(int dst, Source src) implements LowInstruction {}

    /** {@code dst op= src} */
    record Alu(AluOp op, int dst, Source src) implements LowInstruction {}

    /** {@code dst = -dst} */
    record Negate(int dst) implements LowInstruction {}

    /** {@code dst =} a map, to be handed to a helper. */
    record LoadMap(int dst, int map) implements LowInstruction {}

    /** {@code dst =} the address of a byte in the values of an array. */
    record LoadMapValue(int dst, int map, int offset) implements LowInstruction {}

    /** {@code dst = *(base + offset)}, extended. */
    record Load(Width width, boolean signed, int dst, int base, int offset) implements LowInstruction {}

    /** {@code *(base + offset) = src}, cut. */
    record Store(Width width, int base, int offset, Source src) implements LowInstruction {}

    /** {@code *(base + offset) += src}, 64 bits, as one step. */
    record AtomicAdd(int base, int offset, int src) implements LowInstruction {}

    /** A call; arguments and result are in the machine's registers. */
    record Call(Helper helper) implements LowInstruction {
        /** Whether it gets addresses, and may read what is there. */
        boolean takesPointers() {
            return helper.arguments().stream().anyMatch(argument -> argument.kind() != ArgumentKind.SCALAR);
        }

        /** Whether it gets the address of a place in the frame, and writes there. */
        boolean writesFrame() {
            return helper.arguments().stream().anyMatch(argument -> argument.kind() == ArgumentKind.MAP_VALUE_OUT);
        }
    }

    /** A call of a function of the program; arguments and result are in the machine's registers. */
    record Invoke(BoundFunction function) implements LowInstruction {}

    /** A target of jumps. */
    record Label(int id) implements LowInstruction {}

    /** {@code goto label} */
    record Jump(int label) implements LowInstruction {}

    /** {@code if left op right goto label} */
    record Branch(JumpOp op, int left, Source right, int label) implements LowInstruction {}

    /** The end of the program; its verdict is in r0. */
    record Exit() implements LowInstruction {}

    /** The register that it sets, or {@link #NONE}. A call sets r0 to r5; it gives none here. */
    default int defined() {
        return switch (this) {
            case Move(int dst, var _) -> dst;
            case Alu(var _, int dst, var _) -> dst;
            case Negate(int dst) -> dst;
            case LoadMap(int dst, int _) -> dst;
            case LoadMapValue(int dst, int _, int _) -> dst;
            case Load(var _, boolean _, int dst, int _, int _) -> dst;
            case Store _, AtomicAdd _, Call _, Invoke _, Label _, Jump _, Branch _, Exit _ -> NONE;
        };
    }

    /** Gives every register that it reads; one that it changes in place is both read and set. */
    default void forEachUse(IntConsumer consumer) {
        switch (this) {
            case Move(int _, Source src) -> use(src, consumer);
            case Alu(var _, int dst, Source src) -> {
                consumer.accept(dst);
                use(src, consumer);
            }
            case Negate(int dst) -> consumer.accept(dst);
            case Load(var _, boolean _, int _, int base, int _) -> use(base, consumer);
            case Store(var _, int base, int _, Source src) -> {
                use(base, consumer);
                use(src, consumer);
            }
            case AtomicAdd(int base, int _, int src) -> {
                use(base, consumer);
                use(src, consumer);
            }
            case Call(Helper helper) -> arguments(helper.arguments().size(), consumer);
            case Invoke(BoundFunction function) ->
                arguments(function.parameters().size(), consumer);
            case Branch(var _, int left, Source right, int _) -> {
                consumer.accept(left);
                use(right, consumer);
            }
            case Exit() -> consumer.accept(0);
            case LoadMap _, LoadMapValue _, Label _, Jump _ -> {}
        }
    }

    private static void arguments(int count, IntConsumer consumer) {
        for (int i = 1; i <= count; i++) {
            consumer.accept(i);
        }
    }

    private static void use(Source source, IntConsumer consumer) {
        if (source instanceof Source.Reg(int register)) {
            use(register, consumer);
        }
    }

    /** The frame pointer is always there and never allocated, so it is not counted as read. */
    private static void use(int register, IntConsumer consumer) {
        if (register != FRAME) {
            consumer.accept(register);
        }
    }

    /** Whether it overwrites r0 to {@link #LAST_CLOBBERED}. */
    default boolean isCall() {
        return this instanceof Call || this instanceof Invoke;
    }

    /** Whether it does nothing but set its register, so that it can go when nobody reads that. */
    default boolean isPure() {
        return switch (this) {
            case Move _, Alu _, Negate _, LoadMap _, LoadMapValue _, Load _ -> true;
            case Store _, AtomicAdd _, Call _, Invoke _, Label _, Jump _, Branch _, Exit _ -> false;
        };
    }

    /** Where it may jump to, or {@link #NONE}. */
    default int target() {
        return switch (this) {
            case Jump(int label) -> label;
            case Branch(var _, int _, var _, int label) -> label;
            default -> NONE;
        };
    }

    /** Whether the next instruction may follow it. */
    default boolean fallsThrough() {
        return !(this instanceof Jump) && !(this instanceof Exit);
    }
}
