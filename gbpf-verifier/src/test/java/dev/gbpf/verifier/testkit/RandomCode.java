package dev.gbpf.verifier.testkit;

import static dev.gbpf.verifier.Code.call;
import static dev.gbpf.verifier.Code.exit;
import static dev.gbpf.verifier.Code.jump;
import static dev.gbpf.verifier.Code.label;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.map;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.store;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;
import java.util.Random;

/**
 * Random programs near the edge of what is accepted: mostly of sensible shape (values are checked before use, loops have
 * counters), with constants at the ends of ranges, and now and then a step that does not look what it works on.
 *
 * <p>Conventions keep many of them acceptable: r6 is the context, r7 to r9, r0 and r2 to r5 are numbers, the 8-byte slots at
 * r10 - 8 to r10 - 64 are numbers, and loop counters live at r10 - 72 down.
 */
public final class RandomCode {
    private final CodeWriter code;
    private final RandomAccesses accesses;
    private final RandomLoops loops;
    private final RandomCalls calls;
    private final RandomRecords records;
    /** Whether programs use queues and ring buffers, which device hooks and other verifiers do not have. */
    private final boolean queues;

    private RandomCode(Random random, boolean portable, boolean queues) {
        this.code = new CodeWriter(random, portable, !portable && !queues);
        this.accesses = new RandomAccesses(code);
        this.loops = new RandomLoops(code, this);
        this.calls = new RandomCalls(code);
        this.records = new RandomRecords(code, this);
        this.queues = queues;
    }

    /** A program for {@link TestHook#ANY_VERDICT} and its maps. */
    public static Program generate(Random random) {
        return new RandomCode(random, false, true).program();
    }

    /** The same without queues and ring buffers. */
    public static Program generateForDevice(Random random) {
        return new RandomCode(random, false, false).program();
    }

    /**
     * A program that uses no context. Maps: 0 a hash of 4-byte keys and 16-byte values, 1 an array of one 64-byte value, 2 a hash of
     * 8-byte keys and values, 3 an array of one 64-byte value, which stands for the context.
     */
    public static Program generatePortable(Random random) {
        return new RandomCode(random, true, false).program();
    }

    private Program program() {
        if (code.portable) {
            code.add(store(Width.W, Register.R10, -4, 0));
            code.add(map(Register.R1, 3));
            code.add(mov(Register.R2, Register.R10));
            code.add(Code.add(Register.R2, -4));
            code.add(call(Helper.MAP_LOOKUP_ELEM));
            code.add(jump(JumpOp.NE, Register.R0, 0, "begin"));
            code.add(exit());
            code.add(label("begin"));
            code.add(mov(Register.R6, Register.R0));
        } else {
            code.add(mov(Register.R6, Register.R1));
        }
        code.initialise();
        block(4 + code.random.nextInt(14), 0);
        code.add(exit());
        calls.functions();
        return Code.assemble(code.lines()).program();
    }

    void block(int size, int depth) {
        for (int i = 0; i < size; i++) {
            statement(depth);
        }
    }

    private void statement(int depth) {
        switch (code.random.nextInt(depth < 3 ? 26 : 12)) {
            case 0, 1 -> code.arithmetic();
            case 2, 3 -> code.chain();
            case 4 -> code.initialise(code.number());
            case 5 -> accesses.copy();
            case 6, 7 -> accesses.stackAccess();
            case 8 -> accesses.variableStackAccess();
            case 9 -> code.add(accesses.mapDirect());
            case 10 -> accesses.context();
            case 11 -> accesses.odd();
            case 12, 13, 14 -> branch(depth);
            case 15, 16 -> loops.loop(depth);
            case 17, 18 -> lookup(depth);
            case 19 -> calls.callFunction();
            case 20 -> accesses.boundedIndex();
            case 21 -> accesses.relatedIndex();
            case 22 -> loops.pointerLoop();
            case 23 -> accesses.relatedBranch();
            case 24 -> loops.countedWalk();
            default -> helper(depth);
        }
    }

    private void helper(int depth) {
        switch (queues ? code.random.nextInt(4) : 2) {
            case 0 -> records.record(depth);
            case 1 -> records.pop();
            default -> calls.helper();
        }
    }

    private void branch(int depth) {
        String otherwise = code.fresh();
        String end = code.fresh();
        if (code.random.nextInt(4) == 0) {
            code.add(mov(Register.R0, code.edge()));
        }
        boolean ofFields = code.sequences && code.random.nextInt(3) == 0;
        Register left = ofFields ? code.number() : Register.R0;
        Register right = ofFields ? code.number() : Register.R0;
        code.add(ofFields ? code.fieldsCondition(left, right, otherwise) : code.condition(otherwise));
        if (ofFields) {
            code.add(mov(left, code.edge()));
            code.add(mov(right, code.edge()));
        }
        block(1 + code.random.nextInt(3), depth + 1);
        boolean hasElse = code.random.nextBoolean();
        if (hasElse) {
            code.add(jump(end));
        }
        code.add(label(otherwise));
        if (ofFields) {
            code.add(mov(left, code.edge()));
            code.add(mov(right, code.edge()));
        }
        if (hasElse) {
            block(1 + code.random.nextInt(3), depth + 1);
        }
        code.add(label(end));
    }

    private void lookup(int depth) {
        String end = code.fresh();
        int map = code.random.nextInt(3);
        int key = map == TestHook.WIDE ? 8 : 4;
        Width keyWidth = key == 8 ? Width.DW : Width.W;
        code.add(
                code.random.nextInt(3) == 0
                        ? store(keyWidth, Register.R10, -128, code.random.nextInt(6))
                        : store(keyWidth, Register.R10, -128, code.number()));
        code.add(map(Register.R1, map));
        code.add(mov(Register.R2, Register.R10));
        code.add(Code.add(Register.R2, -128));
        code.add(call(Helper.MAP_LOOKUP_ELEM));
        boolean copied = code.random.nextBoolean();
        if (copied) {
            code.add(store(Width.DW, Register.R10, -136, Register.R0));
        }
        if (code.random.nextInt(12) != 0) {
            code.add(jump(JumpOp.EQ, Register.R0, 0, end));
        }
        code.add(copied ? load(Width.DW, Register.R1, Register.R10, -136) : mov(Register.R1, Register.R0));
        code.add(mov(Register.R0, 0));
        code.reinitialise();
        Width width = code.pick(Width.values());
        int offset = code.random.nextInt(8) == 0 ? code.edge() & 31 : 0;
        code.add(
                code.random.nextBoolean()
                        ? load(width, code.number(), Register.R1, offset)
                        : store(width, Register.R1, offset, Register.R7));
        block(code.random.nextInt(3), depth + 1);
        code.add(label(end));
        code.add(mov(Register.R0, code.edge()));
        code.reinitialise();
    }
}
