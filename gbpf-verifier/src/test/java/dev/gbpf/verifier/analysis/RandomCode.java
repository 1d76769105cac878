package dev.gbpf.verifier.analysis;

import static dev.gbpf.verifier.Code.alu;
import static dev.gbpf.verifier.Code.alu32;
import static dev.gbpf.verifier.Code.and;
import static dev.gbpf.verifier.Code.atomic;
import static dev.gbpf.verifier.Code.call;
import static dev.gbpf.verifier.Code.exit;
import static dev.gbpf.verifier.Code.jump;
import static dev.gbpf.verifier.Code.jump32;
import static dev.gbpf.verifier.Code.label;
import static dev.gbpf.verifier.Code.lddw;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.loadsx;
import static dev.gbpf.verifier.Code.map;
import static dev.gbpf.verifier.Code.mapValue;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.mov32;
import static dev.gbpf.verifier.Code.movsx;
import static dev.gbpf.verifier.Code.movsx32;
import static dev.gbpf.verifier.Code.neg;
import static dev.gbpf.verifier.Code.store;
import static dev.gbpf.verifier.Code.swap;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;
import dev.gbpf.verifier.Fixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random programs near the edge of what is accepted: mostly of sensible shape (values are checked before use, loops have
 * counters), with constants at the ends of ranges, and now and then a step that does not look what it works on.
 *
 * <p>Conventions keep many of them acceptable: r6 is the context, r7 to r9, r0 and r2 to r5 are numbers, the 8-byte slots at
 * r10 - 8 to r10 - 64 are numbers, and loop counters live at r10 - 72 down.
 */
public final class RandomCode {
    private static final int[] EDGES = {
        0,
        1,
        2,
        3,
        4,
        7,
        8,
        12,
        15,
        16,
        31,
        32,
        63,
        64,
        127,
        255,
        256,
        -1,
        -2,
        -8,
        -16,
        0x7FFF_FFFF,
        0x8000_0000,
        0xFFFF
    };
    private static final long[] LONG_EDGES = {
        0x8000_0000L,
        0xFFFF_FFFFL,
        0x1_0000_0000L,
        0x7FFF_FFFF_FFFF_FFFFL,
        0x8000_0000_0000_0000L,
        -0x8000_0000L,
        0x1234_5678_9ABC_DEF0L,
        0xFFFF_FFFF_0000_0000L
    };
    private static final Register[] NUMBERS = {
        Register.R0, Register.R2, Register.R3, Register.R4, Register.R5, Register.R7, Register.R8, Register.R9
    };
    private static final int LOCALS = 8;

    private final Random random;
    private final List<Code.Line> lines = new ArrayList<>();
    private final List<String> functions = new ArrayList<>();
    private int names;
    private int loopDepth;
    /** Whether programs are for other verifiers too: without context, which r6 then is not, and with common helpers only. */
    private final boolean portable;

    /** Whether programs use queues and ring buffers, which device hooks do not have. */
    private final boolean queues;

    private RandomCode(Random random, boolean portable, boolean queues) {
        this.random = random;
        this.portable = portable;
        this.queues = queues;
    }

    /** A program for {@link Fixture#ANY_VERDICT} and its maps. */
    public static List<Code.Line> generate(Random random) {
        RandomCode code = new RandomCode(random, false, true);
        code.program();
        return code.lines;
    }

    /** The same without queues and ring buffers. */
    static List<Code.Line> generateForDevice(Random random) {
        RandomCode code = new RandomCode(random, false, false);
        code.program();
        return code.lines;
    }

    /**
     * A program that uses no context. Maps: 0 a hash of 4-byte keys and 16-byte values, 1 an array of one 64-byte value, 2 a hash of
     * 8-byte keys and values, 3 an array of one 64-byte value, which stands for the context.
     */
    public static List<Code.Line> generatePortable(Random random) {
        RandomCode code = new RandomCode(random, true, false);
        code.program();
        return code.lines;
    }

    private void add(Code.Line line) {
        lines.add(line);
    }

    private <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private Register number() {
        return pick(NUMBERS);
    }

    private int edge() {
        int edge = EDGES[random.nextInt(EDGES.length)];
        return random.nextInt(4) == 0 ? edge + random.nextInt(3) - 1 : edge;
    }

    private String fresh() {
        return "l" + names++;
    }

    private int local() {
        return -8 * (1 + random.nextInt(LOCALS));
    }

    private void program() {
        if (portable) {
            add(store(Width.W, Register.R10, -4, 0));
            add(map(Register.R1, 3));
            add(mov(Register.R2, Register.R10));
            add(Code.add(Register.R2, -4));
            add(call(Helper.MAP_LOOKUP_ELEM));
            add(jump(JumpOp.NE, Register.R0, 0, "begin"));
            add(exit());
            add(label("begin"));
            add(mov(Register.R6, Register.R0));
        } else {
            add(mov(Register.R6, Register.R1));
        }
        for (Register register : NUMBERS) {
            initialise(register);
        }
        for (int i = 1; i <= LOCALS; i++) {
            add(store(Width.DW, Register.R10, -8 * i, random.nextBoolean() ? 0 : edge()));
        }
        block(4 + random.nextInt(14), 0);
        add(exit());
        for (int i = 0; i < functions.size() && i < 3; i++) {
            add(label(functions.get(i)));
            function();
        }
        // Names that were called but not written are not left dangling.
        for (int i = 3; i < functions.size(); i++) {
            add(label(functions.get(i)));
            add(mov(Register.R0, i));
            add(exit());
        }
    }

    private void function() {
        // Arguments: r1 a stack address of the caller, r2 and r3 numbers.
        add(mov(Register.R7, Register.R2));
        add(mov(Register.R8, Register.R3));
        add(alu(pick(AluOp.values()), Register.R7, Register.R8));
        if (random.nextBoolean()) {
            add(store(Width.DW, Register.R1, 0, Register.R7));
        }
        if (random.nextBoolean()) {
            add(store(Width.DW, Register.R10, -8, Register.R8));
            add(load(Width.W, Register.R7, Register.R10, -8));
        }
        add(mov(Register.R0, Register.R7));
        add(exit());
    }

    private void initialise(Register register) {
        switch (random.nextInt(4)) {
            case 0 -> add(mov(register, edge()));
            case 1 -> add(lddw(register, LONG_EDGES[random.nextInt(LONG_EDGES.length)]));
            case 2 -> add(load(Width.DW, register, Register.R6, 0));
            default -> add(load(Width.W, register, Register.R6, random.nextBoolean() ? 8 : 12));
        }
    }

    private void block(int size, int depth) {
        for (int i = 0; i < size; i++) {
            statement(depth);
        }
    }

    private void statement(int depth) {
        switch (random.nextInt(depth < 3 ? 26 : 12)) {
            case 0, 1, 2, 3 -> arithmetic();
            case 4 -> initialise(number());
            case 5 -> copy();
            case 6, 7 -> stackAccess();
            case 8 -> variableStackAccess();
            case 9 -> add(mapDirect());
            case 10 -> context();
            case 11 -> odd();
            case 12, 13, 14 -> branch(depth);
            case 15, 16 -> loop(depth);
            case 17, 18 -> lookup(depth);
            case 19 -> callFunction();
            case 20 -> boundedIndex();
            case 21 -> relatedIndex();
            case 22 -> pointerLoop();
            case 23 -> relatedBranch();
            case 24 -> countedWalk();
            default -> anyHelper(depth);
        }
    }

    private void arithmetic() {
        Register dst = number();
        AluOp op = pick(AluOp.values());
        boolean shift = op == AluOp.LSH || op == AluOp.RSH || op == AluOp.ARSH;
        switch (random.nextInt(6)) {
            case 0 -> add(alu(op, dst, number()));
            case 1 -> add(alu32(op, dst, number()));
            case 2, 3 -> add(alu(op, dst, shift ? random.nextInt(64) : edge()));
            default -> add(alu32(op, dst, shift ? random.nextInt(32) : edge()));
        }
    }

    private void copy() {
        Register dst = number();
        Register src = number();
        switch (random.nextInt(7)) {
            case 0, 1 -> add(mov(dst, src));
            case 2 -> add(mov32(dst, src));
            case 3 -> add(movsx(8 << random.nextInt(3), dst, src));
            case 4 -> add(movsx32(8 << random.nextInt(2), dst, src));
            case 5 -> add(neg(dst));
            default -> add(swap(pick(ByteSwapKind.values()), 16 << random.nextInt(3), dst));
        }
    }

    private void stackAccess() {
        Width width = pick(Width.values());
        int offset = local() + (random.nextInt(3) == 0 ? random.nextInt(9 - width.bytes()) : 0);
        switch (random.nextInt(6)) {
            case 0, 1 -> add(store(width, Register.R10, offset, number()));
            case 2 -> add(store(width, Register.R10, offset, edge()));
            case 3 -> add(load(width, number(), Register.R10, offset));
            case 4 -> {
                if (width == Width.DW) {
                    add(load(width, number(), Register.R10, offset));
                } else {
                    add(loadsx(width, number(), Register.R10, offset));
                }
            }
            default -> {
                boolean is64 = random.nextBoolean();
                int at = is64 ? local() : local() + 4 * random.nextInt(2);
                AtomicOp op = pick(AtomicOp.values());
                boolean fetch = op == AtomicOp.XCHG || op == AtomicOp.CMPXCHG || random.nextBoolean();
                add(atomic(op, is64, fetch, Register.R10, at, number()));
            }
        }
    }

    private void variableStackAccess() {
        Register index = number();
        add(and(index, random.nextInt(3) == 0 ? edge() & 63 : 8 * random.nextInt(7)));
        add(mov(Register.R1, Register.R10));
        add(Code.add(Register.R1, -64));
        add(Code.add(Register.R1, index));
        Width width = pick(Width.values());
        add(random.nextBoolean() ? store(width, Register.R1, 0, number()) : load(width, number(), Register.R1, 0));
    }

    private Code.Line mapDirect() {
        add(mapValue(Register.R1, Fixture.ARRAY, random.nextInt(64)));
        Width width = pick(Width.values());
        return random.nextBoolean()
                ? load(width, number(), Register.R1, 0)
                : store(width, Register.R1, -random.nextInt(4), number());
    }

    private void context() {
        if (random.nextBoolean()) {
            add(store(Width.DW, Register.R6, 16, number()));
        } else {
            add(load(Width.W, number(), Register.R6, random.nextInt(8) == 0 ? 4 * random.nextInt(9) : 8));
        }
    }

    /** Does not look at what it works on. */
    private void odd() {
        if (random.nextInt(4) != 0) {
            arithmetic();
            return;
        }
        Register a = Register.of(random.nextInt(11));
        Register b = Register.of(random.nextInt(11));
        switch (random.nextInt(6)) {
            case 0 -> add(mov(number(), a));
            case 1 -> add(alu(pick(AluOp.values()), number(), a));
            case 2 -> add(store(Width.DW, Register.R10, local(), a));
            case 3 -> add(load(pick(Width.values()), number(), a, edge() & 31));
            case 4 -> add(store(pick(Width.values()), a, -(edge() & 31), b));
            default -> add(alu32(pick(AluOp.values()), number(), a));
        }
    }

    private Code.Line condition(String target) {
        JumpOp op = pick(JumpOp.values());
        return switch (random.nextInt(4)) {
            case 0 -> jump(op, number(), number(), target);
            case 1 -> jump32(op, number(), number(), target);
            case 2 -> jump(op, number(), edge(), target);
            default -> jump32(op, number(), edge(), target);
        };
    }

    private void branch(int depth) {
        String otherwise = fresh();
        String end = fresh();
        add(condition(otherwise));
        block(1 + random.nextInt(3), depth + 1);
        boolean hasElse = random.nextBoolean();
        if (hasElse) {
            add(jump(end));
        }
        add(label(otherwise));
        if (hasElse) {
            block(1 + random.nextInt(3), depth + 1);
        }
        add(label(end));
    }

    /** Index checked by a branch, then used for an access to the array. */
    private void boundedIndex() {
        Register index = number();
        String end = fresh();
        int bound = 1 + random.nextInt(70);
        add(random.nextBoolean() ? jump(JumpOp.GT, index, bound, end) : jump(JumpOp.SGE, index, bound, end));
        if (random.nextBoolean()) {
            add(jump(JumpOp.SLT, index, 0, end));
        }
        add(mapValue(Register.R1, Fixture.ARRAY, 0));
        add(Code.add(Register.R1, index));
        add(load(pick(Width.values()), number(), Register.R1, 0));
        add(label(end));
    }

    private void change(Register register) {
        AluOp op = random.nextBoolean() ? AluOp.ADD : AluOp.SUB;
        int by = random.nextInt(4) == 0 ? edge() : random.nextInt(9);
        add(random.nextInt(4) == 0 ? alu32(op, register, by) : alu(op, register, by));
    }

    /** A number and another that was made from it: one is checked, the other used. */
    private void relatedIndex() {
        Register checked = number();
        Register used = number();
        String end = fresh();
        add(random.nextInt(5) == 0 ? mov32(used, checked) : mov(used, checked));
        change(random.nextBoolean() ? used : checked);
        boolean early = random.nextBoolean();
        if (early) {
            add(mapValue(Register.R1, Fixture.ARRAY, random.nextInt(8)));
            add(Code.add(Register.R1, used));
        }
        if (random.nextInt(4) == 0) {
            change(checked);
        }
        int bound = 1 + random.nextInt(64);
        add(random.nextInt(4) == 0 ? jump32(JumpOp.GT, checked, bound, end) : jump(JumpOp.GT, checked, bound, end));
        if (random.nextInt(3) == 0) {
            add(jump(pick(JumpOp.values()), used, checked, end));
        }
        if (!early) {
            add(mapValue(Register.R1, Fixture.ARRAY, random.nextInt(8)));
            add(Code.add(Register.R1, used));
        }
        add(load(pick(Width.values()), number(), Register.R1, random.nextInt(5)));
        add(label(end));
    }

    /** Which branch was taken is told by a number that is tested again. */
    private void relatedBranch() {
        Register flag = number();
        Register value = number();
        String otherwise = fresh();
        String end = fresh();
        add(condition(otherwise));
        add(mov(flag, random.nextInt(3)));
        add(mov(value, random.nextInt(60)));
        add(jump(end));
        add(label(otherwise));
        add(mov(flag, random.nextInt(3)));
        if (random.nextBoolean()) {
            add(mov(value, random.nextInt(80)));
        }
        add(label(end));
        arithmetic();
        String out = fresh();
        add(jump(pick(new JumpOp[] {JumpOp.EQ, JumpOp.NE, JumpOp.GT, JumpOp.LT}), flag, random.nextInt(3), out));
        add(mapValue(Register.R1, Fixture.ARRAY, random.nextInt(4)));
        add(Code.add(Register.R1, value));
        add(load(pick(Width.values()), number(), Register.R1, 0));
        add(label(out));
    }

    /** A pointer that moves through an array or the frame until it meets or passes another. */
    private void pointerLoop() {
        Register at = pick(new Register[] {Register.R2, Register.R3});
        Register end = pick(new Register[] {Register.R4, Register.R5});
        int step = random.nextBoolean() ? 1 : 1 << random.nextInt(4);
        int length = random.nextInt(4) == 0 ? random.nextInt(70) : 8 * random.nextInt(9);
        boolean array = random.nextBoolean();
        if (array) {
            add(mapValue(at, Fixture.ARRAY, 0));
            add(random.nextBoolean() ? mapValue(end, Fixture.ARRAY, length) : mov(end, at));
        } else {
            add(mov(at, Register.R10));
            add(Code.add(at, -64));
            add(mov(end, at));
        }
        if (random.nextInt(4) != 0) {
            add(Code.add(end, length));
        }
        String head = fresh();
        String out = fresh();
        boolean atHead = random.nextBoolean();
        JumpOp leave = pick(new JumpOp[] {JumpOp.EQ, JumpOp.GE, JumpOp.GT, JumpOp.SGE, JumpOp.SET});
        JumpOp stay = pick(new JumpOp[] {JumpOp.NE, JumpOp.LT, JumpOp.LE, JumpOp.SLT});
        add(label(head));
        if (atHead) {
            add(jump(leave, at, end, out));
        }
        Register value = pick(new Register[] {Register.R7, Register.R8});
        Width width = pick(new Width[] {Width.B, Width.B, Width.W, Width.DW});
        add(random.nextBoolean() ? load(width, value, at, 0) : store(width, at, 0, value));
        add(Code.add(at, step));
        add(atHead ? jump(head) : jump(stay, at, end, head));
        add(label(out));
        reinitialise();
    }

    /** A pointer in steps of its own, bounded by a counter. */
    private void countedWalk() {
        Register at = pick(new Register[] {Register.R2, Register.R3});
        Register counter = pick(new Register[] {Register.R4, Register.R5});
        int step = pick(new Integer[] {1, 2, 4, 8, -1, -4});
        int trips = 1 + random.nextInt(random.nextInt(3) == 0 ? 64 : 16);
        boolean array = random.nextBoolean();
        if (array) {
            add(mapValue(at, Fixture.ARRAY, step < 0 ? 56 + random.nextInt(8) : random.nextInt(8)));
        } else {
            add(mov(at, Register.R10));
            add(Code.add(at, step < 0 ? -8 : -64));
        }
        add(mov(counter, random.nextInt(3)));
        String head = fresh();
        add(label(head));
        Register value = pick(new Register[] {Register.R7, Register.R8});
        Width width = pick(new Width[] {Width.B, Width.W, Width.DW});
        add(random.nextBoolean() ? load(width, value, at, 0) : store(width, at, 0, value));
        if (random.nextInt(3) == 0) {
            String skip = fresh();
            add(condition(skip));
            add(Code.add(at, random.nextInt(4)));
            add(label(skip));
        }
        add(Code.add(at, step));
        add(Code.add(counter, 1));
        add(jump(pick(new JumpOp[] {JumpOp.LT, JumpOp.LE, JumpOp.NE}), counter, trips, head));
        reinitialise();
    }

    private void loop(int depth) {
        if (loopDepth >= 2) {
            arithmetic();
            return;
        }
        loopDepth++;
        int slot = -64 - 8 * loopDepth;
        int bound = 1 + random.nextInt(12);
        int step = 1 + random.nextInt(3);
        boolean is32 = random.nextBoolean();
        Width width = is32 ? Width.W : Width.DW;
        String head = fresh();
        String end = fresh();
        boolean down = random.nextInt(3) == 0;
        add(store(width, Register.R10, slot, down ? bound * step : random.nextInt(3)));
        add(label(head));
        if (!down && random.nextBoolean()) {
            // Test at the head.
            add(load(width, Register.R1, Register.R10, slot));
            JumpOp op = pick(new JumpOp[] {JumpOp.GE, JumpOp.GT, JumpOp.SGE, JumpOp.SGT});
            add(is32 && random.nextBoolean() ? jump32(op, Register.R1, bound, end) : jump(op, Register.R1, bound, end));
            block(1 + random.nextInt(3), depth + 1);
            add(load(width, Register.R1, Register.R10, slot));
            add(is32 ? alu32(AluOp.ADD, Register.R1, step) : Code.add(Register.R1, step));
            add(store(width, Register.R10, slot, Register.R1));
            add(jump(head));
        } else {
            // Test at the end.
            block(1 + random.nextInt(3), depth + 1);
            add(load(width, Register.R1, Register.R10, slot));
            int change = down ? -step : step;
            add(is32 ? alu32(AluOp.ADD, Register.R1, change) : Code.add(Register.R1, change));
            add(store(width, Register.R10, slot, Register.R1));
            JumpOp op = down
                    ? pick(new JumpOp[] {JumpOp.SGT, JumpOp.SGE, JumpOp.GT, JumpOp.NE})
                    : pick(new JumpOp[] {JumpOp.LT, JumpOp.LE, JumpOp.SLT, JumpOp.NE});
            int limit = down ? (op == JumpOp.SGE || op == JumpOp.GT ? 1 : 0) : bound;
            add(is32 ? jump32(op, Register.R1, limit, head) : jump(op, Register.R1, limit, head));
        }
        add(label(end));
        loopDepth--;
    }

    private void lookup(int depth) {
        String end = fresh();
        int map = random.nextInt(3);
        int key = map == Fixture.WIDE ? 8 : 4;
        Width keyWidth = key == 8 ? Width.DW : Width.W;
        add(
                random.nextInt(3) == 0
                        ? store(keyWidth, Register.R10, -128, random.nextInt(6))
                        : store(keyWidth, Register.R10, -128, number()));
        add(map(Register.R1, map));
        add(mov(Register.R2, Register.R10));
        add(Code.add(Register.R2, -128));
        add(call(Helper.MAP_LOOKUP_ELEM));
        boolean copied = random.nextBoolean();
        if (copied) {
            add(store(Width.DW, Register.R10, -136, Register.R0));
        }
        if (random.nextInt(12) != 0) {
            add(jump(JumpOp.EQ, Register.R0, 0, end));
        }
        add(copied ? load(Width.DW, Register.R1, Register.R10, -136) : mov(Register.R1, Register.R0));
        add(mov(Register.R0, 0));
        reinitialise();
        Width width = pick(Width.values());
        int offset = random.nextInt(8) == 0 ? edge() & 31 : 0;
        add(
                random.nextBoolean()
                        ? load(width, number(), Register.R1, offset)
                        : store(width, Register.R1, offset, Register.R7));
        block(random.nextInt(3), depth + 1);
        add(label(end));
        add(mov(Register.R0, edge()));
        reinitialise();
    }

    /** A call leaves these without values. */
    private void reinitialise() {
        for (Register register : new Register[] {Register.R2, Register.R3, Register.R4, Register.R5}) {
            if (random.nextInt(12) != 0) {
                add(random.nextBoolean() ? mov(register, edge()) : mov(register, Register.R7));
            } else {
                add(load(Width.DW, register, Register.R10, local()));
            }
        }
    }

    private void anyHelper(int depth) {
        switch (queues ? random.nextInt(4) : 2) {
            case 0 -> record(depth);
            case 1 -> pop();
            default -> helper();
        }
    }

    /** Reserves a record, writes to it, and releases it, mostly: the pointer is kept on the stack. */
    private void record(int depth) {
        String end = fresh();
        int slot = -144 - 8 * depth;
        add(map(Register.R1, Fixture.RING));
        add(mov(Register.R2, random.nextInt(20) == 0 ? edge() : 16));
        add(mov(Register.R3, 0));
        add(call(Helper.RINGBUF_RESERVE));
        if (random.nextInt(12) != 0) {
            add(jump(JumpOp.EQ, Register.R0, 0, end));
        }
        add(store(Width.DW, Register.R10, slot, Register.R0));
        add(mov(Register.R1, Register.R0));
        add(mov(Register.R0, 0));
        reinitialise();
        add(store(Width.DW, Register.R1, random.nextBoolean() ? 8 : 0, Register.R7));
        block(random.nextInt(3), depth + 1);
        if (random.nextInt(20) != 0) {
            add(load(Width.DW, Register.R1, Register.R10, slot));
            add(mov(Register.R2, 0));
            add(call(random.nextBoolean() ? Helper.RINGBUF_SUBMIT : Helper.RINGBUF_DISCARD));
            if (random.nextInt(12) == 0) {
                add(load(Width.DW, Register.R1, Register.R10, slot));
                add(load(Width.B, Register.R2, Register.R1, 0));
            }
        }
        add(label(end));
        add(mov(Register.R0, edge()));
        reinitialise();
    }

    /** Fills 12 bytes of the stack. */
    private void pop() {
        add(map(Register.R1, Fixture.QUEUE));
        add(mov(Register.R2, Register.R10));
        add(Code.add(Register.R2, random.nextInt(8) == 0 ? edge() : local() - 8));
        add(call(random.nextBoolean() ? Helper.MAP_POP_ELEM : Helper.MAP_PEEK_ELEM));
        reinitialise();
    }

    private void helper() {
        Helper helper = portable
                ? pick(new Helper[] {Helper.KTIME_GET_NS, Helper.GET_PRANDOM_U32})
                : pick(new Helper[] {
                    Helper.KTIME_GET_NS,
                    Helper.GET_PRANDOM_U32,
                    Helper.DSQ_LEN,
                    Helper.DSQ_CREATE,
                    Helper.TENANT_INFLIGHT,
                    Helper.LOG
                });
        add(mov(Register.R1, number()));
        add(mov(Register.R2, number()));
        add(call(helper));
        reinitialise();
    }

    private void callFunction() {
        String name = functions.size() >= 3 || (!functions.isEmpty() && random.nextBoolean())
                ? functions.get(random.nextInt(functions.size()))
                : "f" + functions.size();
        if (!functions.contains(name)) {
            functions.add(name);
        }
        add(mov(Register.R2, number()));
        add(mov(Register.R3, number()));
        add(mov(Register.R1, Register.R10));
        add(Code.add(Register.R1, local()));
        add(call(name));
        reinitialise();
    }
}
