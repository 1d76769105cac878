package dev.gbpf.verifier.precision;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Programs of the kinds that the Linux kernel's own verifier tests are about, each kind with the parameters that lie on either
 * side of what is safe. They use no context, so that Linux can be asked about them as socket filters.
 *
 * <p>Maps: 0 is an array of four 64-byte values, 1 a hash of 8-byte keys and 48-byte values.
 */
final class KernelStylePrograms {
    static final int ARRAY = 0;
    static final int HASH = 1;
    static final int VALUE_SIZE = 64;

    private static final Width[] WIDTHS = {B, H, W, DW};

    private final Map<String, Program> programs = new LinkedHashMap<>();

    private KernelStylePrograms() {}

    /** The programs by name, in a fixed order. */
    static Map<String, Program> all() {
        KernelStylePrograms all = new KernelStylePrograms();
        all.constantOffsets();
        all.maskedIndexes();
        all.testedIndexes();
        all.indexesOfHash();
        all.signedTests();
        all.tests32();
        all.shiftsAndProducts();
        all.divisions();
        all.stackOffsets();
        all.spills();
        all.nullChecks();
        all.functions();
        all.loops();
        all.pointers();
        all.uninitialised();
        all.helperArguments();
        all.atomics();
        all.branches();
        all.relations();
        all.extensions();
        all.exits();
        return all.programs;
    }

    private void add(String name, Object... parts) {
        List<Code.Line> lines = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof Code.Line line) {
                lines.add(line);
            } else {
                for (Object line : (List<?>) part) {
                    lines.add((Code.Line) line);
                }
            }
        }
        Program program = Code.assemble(lines).program();
        Program previous = programs.put(name, program);
        // The ends of ranges may coincide.
        if (previous != null && !previous.instructions().equals(program.instructions())) {
            throw new IllegalStateException("two programs are named " + name);
        }
    }

    /** r0 = lookup in the array by 0; where there is none, the program ends with 0. */
    private static List<Code.Line> lookup() {
        return List.of(
                store(W, R10, -4, 0),
                map(R1, ARRAY),
                mov(R2, R10),
                Code.add(R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.NE, R0, 0, "found"),
                exit(),
                label("found"));
    }

    /** As {@link #value}, for the value of 8 in the hash. */
    private static List<Code.Line> hashValue() {
        return List.of(
                store(DW, R10, -8, 8),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R0, 0, "end"),
                mov(R6, R0),
                load(DW, R7, R6, 0));
    }

    /** The value's address in r6, an unknown number of 64 bits in r7. */
    private static List<Code.Line> value() {
        List<Code.Line> lines = new ArrayList<>(lookup());
        lines.add(mov(R6, R0));
        lines.add(load(DW, R7, R6, 0));
        return lines;
    }

    private static List<Code.Line> end() {
        return List.of(label("end"), mov(R0, 0), exit());
    }

    /** A load at r6 + an index register. */
    private static List<Code.Line> loadAt(Register index, Width width) {
        return List.of(Code.add(R6, index), load(width, R1, R6, 0));
    }

    private void constantOffsets() {
        for (Width width : WIDTHS) {
            for (int offset :
                    new int[] {-1, 0, VALUE_SIZE - width.bytes(), VALUE_SIZE - width.bytes() + 1, VALUE_SIZE}) {
                add("value load " + width + " at " + offset, value(), load(width, R1, R6, offset), end());
                add("value store " + width + " at " + offset, value(), store(width, R6, offset, 0), end());
            }
        }
    }

    private void maskedIndexes() {
        for (int mask : new int[] {7, 15, 31, 32, 48, 56, 60, 62, 63, 64, 127, -1}) {
            for (Width width : new Width[] {B, W, DW}) {
                add("index & " + mask + " " + width, value(), and(R7, mask), loadAt(R7, width), end());
            }
            add("index & " + mask + " in 32 bits", value(), alu32(AluOp.AND, R7, mask), loadAt(R7, B), end());
        }
        for (int shift : new int[] {1, 2, 3}) {
            for (int mask : new int[] {7, 15, 31}) {
                add(
                        "(index & " + mask + ") << " + shift,
                        value(),
                        and(R7, mask),
                        alu(AluOp.LSH, R7, shift),
                        loadAt(R7, W),
                        end());
            }
        }
    }

    private void testedIndexes() {
        for (int limit : new int[] {0, 1, 55, 56, 57, 60, 61, 63, 64}) {
            for (Width width : new Width[] {B, DW}) {
                String name = " " + limit + " " + width;
                add("index > out" + name, value(), jump(JumpOp.GT, R7, limit, "end"), loadAt(R7, width), end());
                add("index >= out" + name, value(), jump(JumpOp.GE, R7, limit, "end"), loadAt(R7, width), end());
                add(
                        "index < in" + name,
                        value(),
                        jump(JumpOp.LT, R7, limit, "in"),
                        jump("end"),
                        label("in"),
                        loadAt(R7, width),
                        end());
                add(
                        "index <= in" + name,
                        value(),
                        jump(JumpOp.LE, R7, limit, "in"),
                        jump("end"),
                        label("in"),
                        loadAt(R7, width),
                        end());
                add(
                        "limit in a register > index" + name,
                        value(),
                        mov(R8, limit),
                        jump(JumpOp.LE, R8, R7, "end"),
                        loadAt(R7, width),
                        end());
            }
            add("index == " + limit, value(), jump(JumpOp.NE, R7, limit, "end"), loadAt(R7, W), end());
        }
    }

    private void signedTests() {
        for (int limit : new int[] {-1, 0, 60, 61, 63, 64}) {
            add("signed > out only " + limit, value(), jump(JumpOp.SGT, R7, limit, "end"), loadAt(R7, B), end());
            add(
                    "signed > and < 0 out " + limit,
                    value(),
                    jump(JumpOp.SGT, R7, limit, "end"),
                    jump(JumpOp.SLT, R7, 0, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "signed < 0 and >= out " + limit,
                    value(),
                    jump(JumpOp.SLT, R7, 0, "end"),
                    jump(JumpOp.SGE, R7, limit, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "signed <= -1 out, unsigned > " + limit,
                    value(),
                    jump(JumpOp.SLE, R7, -1, "end"),
                    jump(JumpOp.GT, R7, limit, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "signed > -8, < " + limit + ", plus 8",
                    value(),
                    jump(JumpOp.SLE, R7, -8, "end"),
                    jump(JumpOp.SGE, R7, limit - 8, "end"),
                    Code.add(R7, 8),
                    loadAt(R7, B),
                    end());
        }
    }

    private void tests32() {
        for (int limit : new int[] {0, 56, 60, 63, 64}) {
            add("32-bit test, 64-bit use " + limit, value(), jump32(JumpOp.GT, R7, limit, "end"), loadAt(R7, B), end());
            add(
                    "32-bit test, cut use " + limit,
                    value(),
                    jump32(JumpOp.GT, R7, limit, "end"),
                    mov32(R7, R7),
                    loadAt(R7, B),
                    end());
            add(
                    "cut, 32-bit test " + limit,
                    value(),
                    mov32(R7, R7),
                    jump32(JumpOp.GT, R7, limit, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "4-byte load, 32-bit signed tests " + limit,
                    value(),
                    load(W, R7, R6, 4),
                    jump32(JumpOp.SGT, R7, limit, "end"),
                    jump32(JumpOp.SLT, R7, 0, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "4-byte load, 32-bit signed test alone " + limit,
                    value(),
                    load(W, R7, R6, 4),
                    jump32(JumpOp.SGT, R7, limit, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "64-bit test, shifted halves " + limit,
                    value(),
                    alu(AluOp.LSH, R7, 32),
                    alu(AluOp.RSH, R7, 32),
                    jump(JumpOp.GT, R7, limit, "end"),
                    loadAt(R7, B),
                    end());
        }
    }

    private void shiftsAndProducts() {
        for (int shift : new int[] {32, 56, 57, 58, 59, 60, 63}) {
            add("index >> " + shift, value(), alu(AluOp.RSH, R7, shift), loadAt(R7, B), end());
            add("index s>> " + shift, value(), alu(AluOp.ARSH, R7, shift), loadAt(R7, B), end());
        }
        for (int factor : new int[] {2, 4, 8, 9, 16}) {
            for (int mask : new int[] {3, 7}) {
                add(
                        "(index & " + mask + ") * " + factor,
                        value(),
                        and(R7, mask),
                        alu(AluOp.MUL, R7, factor),
                        loadAt(R7, W),
                        end());
            }
        }
        for (int add : new int[] {-1, 1, 32, 33}) {
            add("(index & 31) + " + add, value(), and(R7, 31), Code.add(R7, add), loadAt(R7, B), end());
        }
        add("31 - (index & 31)", value(), and(R7, 31), mov(R8, 31), alu(AluOp.SUB, R8, R7), loadAt(R8, B), end());
        add("30 - (index & 31)", value(), and(R7, 31), mov(R8, 30), alu(AluOp.SUB, R8, R7), loadAt(R8, B), end());
        add("(index & 32) | 31", value(), and(R7, 32), alu(AluOp.OR, R7, 31), loadAt(R7, B), end());
        add("(index & 32) | 64", value(), and(R7, 32), alu(AluOp.OR, R7, 64), loadAt(R7, B), end());
        add("(index & 31) ^ 32", value(), and(R7, 31), alu(AluOp.XOR, R7, 32), loadAt(R7, B), end());
        add("(index & 31) ^ 64", value(), and(R7, 31), alu(AluOp.XOR, R7, 64), loadAt(R7, B), end());
        add(
                "sum of two masked",
                value(),
                mov(R8, R7),
                and(R7, 31),
                and(R8, 31),
                Code.add(R7, R8),
                loadAt(R7, B),
                end());
        add(
                "sum of two masked too far",
                value(),
                mov(R8, R7),
                and(R7, 31),
                and(R8, 63),
                Code.add(R7, R8),
                loadAt(R7, B),
                end());
    }

    private void divisions() {
        for (int divisor : new int[] {1, 2, 8, 57, 64, 65}) {
            add("index % " + divisor, value(), alu(AluOp.MOD, R7, divisor), loadAt(R7, B), end());
            add("(index & 63) / " + divisor, value(), and(R7, 63), alu(AluOp.DIV, R7, divisor), loadAt(R7, B), end());
        }
        for (AluOp op : new AluOp[] {AluOp.DIV, AluOp.MOD, AluOp.SDIV, AluOp.SMOD}) {
            add(op + " by a register that may be 0", value(), mov(R8, 100), alu(op, R8, R7), end());
            add(op + " by a register of 0", mov(R7, 0), mov(R8, 100), alu(op, R8, R7), end());
            add(op + " by a register in 32 bits", value(), mov(R8, 100), alu32(op, R8, R7), end());
        }
    }

    private void stackOffsets() {
        for (Width width : WIDTHS) {
            for (int offset : new int[] {-512, -512 - width.bytes(), -width.bytes(), 0, -width.bytes() + 1}) {
                add("stack store " + width + " at " + offset, store(width, R10, offset, 0), end());
            }
            add("stack store and load " + width, store(width, R10, -8, 0), load(width, R0, R10, -8), end());
        }
        add("stack load of more than was stored", store(W, R10, -8, 0), load(DW, R0, R10, -8), end());
        add("stack load of parts", store(DW, R10, -8, 0), load(H, R0, R10, -6), end());
        for (int mask : new int[] {7, 8, 15, 24, 31, 56, 63}) {
            add(
                    "stack store at -64 + (i & " + mask + ")",
                    value(),
                    fill(8),
                    and(R7, mask),
                    mov(R2, R10),
                    Code.add(R2, -64),
                    Code.add(R2, R7),
                    store(B, R2, 0, 1),
                    end());
            add(
                    "stack load at -64 + (i & " + mask + ")",
                    value(),
                    fill(8),
                    and(R7, mask),
                    mov(R2, R10),
                    Code.add(R2, -64),
                    Code.add(R2, R7),
                    load(DW, R3, R2, 0),
                    end());
        }
        add("stack access without bound", value(), mov(R2, R10), Code.add(R2, R7), store(B, R2, 0, 1), end());
    }

    private static List<Code.Line> fill(int slots) {
        List<Code.Line> lines = new ArrayList<>();
        for (int i = 1; i <= slots; i++) {
            lines.add(store(DW, R10, -8 * i, 0));
        }
        return lines;
    }

    private void spills() {
        for (Width width : WIDTHS) {
            add(
                    "spill of a bounded number " + width,
                    value(),
                    jump(JumpOp.GT, R7, 60, "end"),
                    store(width, R10, -16, R7),
                    load(width, R8, R10, -16),
                    loadAt(R8, W),
                    end());
            add(
                    "test after the spill " + width,
                    value(),
                    store(width, R10, -16, R7),
                    jump(JumpOp.GT, R7, 60, "end"),
                    load(width, R8, R10, -16),
                    loadAt(R8, W),
                    end());
            add(
                    "test after the fill " + width,
                    value(),
                    store(width, R10, -16, R7),
                    load(width, R8, R10, -16),
                    jump(JumpOp.GT, R8, 60, "end"),
                    load(width, R9, R10, -16),
                    loadAt(R9, W),
                    end());
            add(
                    "spill overwritten by " + width,
                    value(),
                    jump(JumpOp.GT, R7, 60, "end"),
                    store(DW, R10, -16, R7),
                    load(DW, R9, R6, 8),
                    store(width, R10, -16, R9),
                    load(DW, R8, R10, -16),
                    loadAt(R8, W),
                    end());
        }
        add("spill of a pointer", value(), store(DW, R10, -16, R6), load(DW, R8, R10, -16), load(W, R0, R8, 60), end());
        add(
                "spill of a pointer, part loaded",
                value(),
                store(DW, R10, -16, R6),
                load(W, R8, R10, -16),
                load(W, R0, R8, 0),
                end());
        add(
                "spill of a pointer, part overwritten",
                value(),
                store(DW, R10, -16, R6),
                store(B, R10, -16, 0),
                load(DW, R8, R10, -16),
                load(W, R0, R8, 0),
                end());
        add(
                "spill of a pointer, misaligned",
                value(),
                store(DW, R10, -20, R6),
                load(DW, R8, R10, -20),
                load(W, R0, R8, 0),
                end());
        add("spill of a pointer in 4 bytes", value(), store(W, R10, -16, R6), end());
        add(
                "spill before the null check",
                store(W, R10, -4, 0),
                map(R1, ARRAY),
                mov(R2, R10),
                Code.add(R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                store(DW, R10, -16, R0),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(DW, R8, R10, -16),
                load(W, R0, R8, 60),
                end());
    }

    private static List<Code.Line> maybeNull() {
        return List.of(
                store(W, R10, -4, 0), map(R1, ARRAY), mov(R2, R10), Code.add(R2, -4), call(Helper.MAP_LOOKUP_ELEM));
    }

    private void indexesOfHash() {
        for (int mask : new int[] {3, 7, 15, 31, 32, 40, 44, 47, 48, 63}) {
            for (Width width : WIDTHS) {
                add("hash: index & " + mask + " " + width, hashValue(), and(R7, mask), loadAt(R7, width), end());
            }
        }
        for (int limit : new int[] {0, 39, 40, 41, 43, 44, 45, 46, 47, 48}) {
            for (Width width : WIDTHS) {
                add(
                        "hash: index > out " + limit + " " + width,
                        hashValue(),
                        jump(JumpOp.GT, R7, limit, "end"),
                        loadAt(R7, width),
                        end());
                add(
                        "hash: store at index > out " + limit + " " + width,
                        hashValue(),
                        jump(JumpOp.GT, R7, limit, "end"),
                        Code.add(R6, R7),
                        store(width, R6, 0, 1),
                        end());
                add(
                        "hash: 4-byte number s> out, s< 0 out " + limit + " " + width,
                        hashValue(),
                        load(W, R7, R6, 8),
                        jump32(JumpOp.SGT, R7, limit, "end"),
                        jump32(JumpOp.SLT, R7, 0, "end"),
                        loadAt(R7, width),
                        end());
            }
        }
    }

    private void nullChecks() {
        add("no null check", maybeNull(), load(W, R1, R0, 0), end());
        add("null check", maybeNull(), jump(JumpOp.EQ, R0, 0, "end"), load(W, R1, R0, 0), end());
        add("null check the wrong way", maybeNull(), jump(JumpOp.NE, R0, 0, "end"), load(W, R1, R0, 0), end());
        add("null check of a copy", maybeNull(), mov(R6, R0), jump(JumpOp.EQ, R6, 0, "end"), load(W, R1, R0, 0), end());
        add(
                "null check by a register",
                maybeNull(),
                mov(R6, 0),
                jump(JumpOp.EQ, R0, R6, "end"),
                load(W, R1, R0, 0),
                end());
        add("null check by 1", maybeNull(), jump(JumpOp.EQ, R0, 1, "end"), load(W, R1, R0, 0), end());
        add("null check in 32 bits", maybeNull(), jump32(JumpOp.EQ, R0, 0, "end"), load(W, R1, R0, 0), end());
        add(
                "arithmetic before the null check",
                maybeNull(),
                Code.add(R0, 4),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(W, R1, R0, 0),
                end());
        add(
                "null pointer used as a number",
                maybeNull(),
                jump(JumpOp.NE, R0, 0, "end"),
                Code.add(R0, 5),
                exit(),
                end());
        add(
                "null check on one path only",
                maybeNull(),
                mov(R6, R0),
                call(Helper.GET_PRANDOM_U32),
                jump(JumpOp.EQ, R0, 0, "use"),
                jump(JumpOp.EQ, R6, 0, "end"),
                label("use"),
                load(W, R1, R6, 0),
                end());
        add(
                "null check on both paths",
                maybeNull(),
                mov(R6, R0),
                call(Helper.GET_PRANDOM_U32),
                jump(JumpOp.EQ, R0, 0, "other"),
                jump(JumpOp.EQ, R6, 0, "end"),
                jump("use"),
                label("other"),
                jump(JumpOp.EQ, R6, 0, "end"),
                label("use"),
                load(W, R1, R6, 0),
                end());
        add(
                "two lookups, one check",
                maybeNull(),
                mov(R6, R0),
                maybeNull(),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(W, R1, R6, 0),
                end());
    }

    private void functions() {
        add("function of a number", mov(R1, 5), call("f"), exit(), label("f"), mov(R0, R1), Code.add(R0, 1), exit());
        add("function uses what it was not given", mov(R0, 0), call("f"), exit(), label("f"), mov(R0, R6), exit());
        add(
                "function keeps r6",
                mov(R6, 1),
                call("f"),
                mov(R0, R6),
                exit(),
                label("f"),
                mov(R6, 2),
                mov(R0, 0),
                exit());
        add("function leaves no r1", mov(R1, 1), call("f"), mov(R0, R1), exit(), label("f"), mov(R0, 0), exit());
        add("function without a result", mov(R1, 1), call("f"), exit(), label("f"), exit());
        add("function without a result, none used", mov(R1, 1), call("f"), mov(R0, 0), exit(), label("f"), exit());
        add(
                "function gets a pointer to the stack",
                mov(R1, R10),
                Code.add(R1, -8),
                call("f"),
                load(DW, R0, R10, -8),
                exit(),
                label("f"),
                store(DW, R1, 0, 7),
                mov(R0, 0),
                exit());
        add(
                "function returns a pointer to its frame",
                call("f"),
                load(B, R0, R0, 0),
                exit(),
                label("f"),
                mov(R0, R10),
                Code.add(R0, -8),
                exit());
        add("function calls itself", call("f"), exit(), label("f"), call("f"), exit());
        for (int index : new int[] {60, 61}) {
            add(
                    "function checks the bound " + index,
                    value(),
                    mov(R1, R7),
                    call("f"),
                    jump(JumpOp.EQ, R0, 0, "end"),
                    jump(JumpOp.GT, R7, index, "end"),
                    loadAt(R7, W),
                    end(),
                    label("f"),
                    mov(R0, R1),
                    exit());
            add(
                    "function returns a bounded number " + index,
                    value(),
                    mov(R1, R7),
                    call("f"),
                    loadAt(R0, W),
                    end(),
                    label("f"),
                    mov(R0, 0),
                    jump(JumpOp.GT, R1, index, "out"),
                    mov(R0, R1),
                    label("out"),
                    exit());
            add(
                    "function gets value and index " + index,
                    value(),
                    mov(R1, R6),
                    mov(R2, R7),
                    call("f"),
                    end(),
                    label("f"),
                    mov(R0, 0),
                    jump(JumpOp.GT, R2, index, "out"),
                    Code.add(R1, R2),
                    load(W, R0, R1, 0),
                    label("out"),
                    exit());
        }
        for (int depth : new int[] {2, 7, 8}) {
            List<Object> parts = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                parts.add(label("f" + i));
                if (i + 1 < depth) {
                    parts.add(call("f" + (i + 1)));
                } else {
                    parts.add(mov(R0, 0));
                }
                parts.add(exit());
            }
            add("frames " + depth, parts.toArray());
        }
        add("nine frames", nested(9));
        add(
                "null check in a function",
                maybeNull(),
                mov(R6, R0),
                mov(R1, R0),
                call("f"),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(W, R1, R6, 0),
                end(),
                label("f"),
                mov(R0, 0),
                jump(JumpOp.EQ, R1, 0, "out"),
                mov(R0, 1),
                label("out"),
                exit());
    }

    private static List<Code.Line> nested(int depth) {
        List<Code.Line> lines = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            lines.add(label("n" + i));
            lines.add(i + 1 < depth ? call("n" + (i + 1)) : mov(R0, 0));
            lines.add(exit());
        }
        return lines;
    }

    private void loops() {
        for (int trips : new int[] {1, 2, 10, 100, 1000}) {
            add(
                    "loop up to " + trips,
                    mov(R7, 0),
                    label("head"),
                    Code.add(R7, 1),
                    jump(JumpOp.LT, R7, trips, "head"),
                    end());
            add(
                    "loop down from " + trips,
                    mov(R7, trips),
                    label("head"),
                    alu(AluOp.SUB, R7, 1),
                    jump(JumpOp.NE, R7, 0, "head"),
                    end());
            add(
                    "loop until equal " + trips,
                    mov(R7, 0),
                    label("head"),
                    Code.add(R7, 1),
                    jump(JumpOp.NE, R7, trips, "head"),
                    end());
            add(
                    "loop test at the head " + trips,
                    mov(R7, 0),
                    label("head"),
                    jump(JumpOp.GE, R7, trips, "end"),
                    Code.add(R7, 1),
                    jump("head"),
                    end());
            add(
                    "loop in 32 bits " + trips,
                    mov32(R7, 0),
                    label("head"),
                    alu32(AluOp.ADD, R7, 1),
                    jump32(JumpOp.LT, R7, trips, "head"),
                    end());
            add(
                    "loop in steps of 3 to " + trips,
                    mov(R7, 0),
                    label("head"),
                    Code.add(R7, 3),
                    jump(JumpOp.LT, R7, trips, "head"),
                    end());
            add(
                    "loop signed " + trips,
                    mov(R7, -5),
                    label("head"),
                    Code.add(R7, 1),
                    jump(JumpOp.SLT, R7, trips, "head"),
                    end());
        }
        add("loop for ever", label("head"), jump("head"));
        add("loop for ever with a counter", mov(R7, 0), label("head"), Code.add(R7, 1), jump("head"));
        add(
                "loop that passes its end",
                mov(R7, 1),
                label("head"),
                Code.add(R7, 2),
                jump(JumpOp.NE, R7, 100, "head"),
                end());
        add(
                "loop until a random number",
                label("head"),
                call(Helper.GET_PRANDOM_U32),
                jump(JumpOp.NE, R0, 0, "head"),
                end());
        add(
                "loop to a bounded number",
                value(),
                and(R7, 31),
                mov(R8, 0),
                label("head"),
                Code.add(R8, 1),
                jump(JumpOp.LT, R8, R7, "head"),
                end());
        add(
                "loop to any number",
                value(),
                mov(R8, 0),
                label("head"),
                Code.add(R8, 1),
                jump(JumpOp.LT, R8, R7, "head"),
                end());
        for (int trips : new int[] {16, 17}) {
            add(
                    "loop over the value, 4 bytes " + trips,
                    value(),
                    mov(R8, 0),
                    label("head"),
                    load(W, R1, R6, 0),
                    Code.add(R6, 4),
                    Code.add(R8, 1),
                    jump(JumpOp.LT, R8, trips, "head"),
                    end());
            add(
                    "loop over the value by index " + trips,
                    value(),
                    mov(R8, 0),
                    label("head"),
                    mov(R9, R6),
                    Code.add(R9, R8),
                    load(W, R1, R9, 0),
                    Code.add(R8, 4),
                    jump(JumpOp.LT, R8, 4 * trips, "head"),
                    end());
            add(
                    "loop over the value to its end " + trips,
                    value(),
                    mov(R8, R6),
                    Code.add(R8, 4 * trips),
                    label("head"),
                    load(W, R1, R6, 0),
                    Code.add(R6, 4),
                    jump(JumpOp.NE, R6, R8, "head"),
                    end());
        }
        for (int inner : new int[] {3, 20}) {
            add(
                    "nested loops " + inner,
                    mov(R7, 0),
                    label("outer"),
                    mov(R8, 0),
                    label("inner"),
                    Code.add(R8, 1),
                    jump(JumpOp.LT, R8, inner, "inner"),
                    Code.add(R7, 1),
                    jump(JumpOp.LT, R7, 10, "outer"),
                    end());
            add(
                    "inner loop up to the outer counter " + inner,
                    mov(R7, 1),
                    label("outer"),
                    mov(R8, 0),
                    label("inner"),
                    Code.add(R8, 1),
                    jump(JumpOp.LT, R8, R7, "inner"),
                    Code.add(R7, 1),
                    jump(JumpOp.LT, R7, inner, "outer"),
                    end());
        }
        add(
                "loop with the counter on the stack",
                store(DW, R10, -8, 0),
                label("head"),
                load(DW, R1, R10, -8),
                Code.add(R1, 1),
                store(DW, R10, -8, R1),
                jump(JumpOp.LT, R1, 10, "head"),
                end());
        add(
                "loop that calls a helper",
                mov(R7, 0),
                label("head"),
                call(Helper.GET_PRANDOM_U32),
                Code.add(R7, 1),
                jump(JumpOp.LT, R7, 10, "head"),
                end());
    }

    private void pointers() {
        for (AluOp op : AluOp.values()) {
            if (op != AluOp.ADD && op != AluOp.SUB) {
                add("pointer " + op + " 2", value(), alu(op, R6, 2), load(B, R1, R6, 0), end());
            }
        }
        add("pointer + 4 in 32 bits", value(), alu32(AluOp.ADD, R6, 4), load(B, R1, R6, 0), end());
        add("pointer - 4 + 4", value(), alu(AluOp.SUB, R6, 4), Code.add(R6, 4), load(B, R1, R6, 0), end());
        add("pointer negated", value(), neg(R6), end());
        add("pointer + pointer", value(), Code.add(R6, R10), load(B, R1, R6, 0), end());
        add("number + pointer", value(), mov(R8, 4), Code.add(R8, R6), load(W, R1, R8, 56), end());
        add("number - pointer", value(), mov(R8, 4), alu(AluOp.SUB, R8, R6), load(W, R1, R8, 0), end());
        add("pointer moved in 32 bits", value(), mov32(R8, R6), load(W, R1, R8, 0), end());
        add("load through a number", mov(R6, 100), load(W, R1, R6, 0), end());
        add("frame pointer written", mov(R10, 0), end());
        add("frame pointer moved", Code.add(R10, -8), end());
        add("frame pointer copied and moved", mov(R1, R10), Code.add(R1, -8), store(DW, R1, 0, 0), end());
        add(
                "pointer + unbounded - unbounded",
                value(),
                Code.add(R6, R7),
                alu(AluOp.SUB, R6, R7),
                load(B, R1, R6, 0),
                end());
        add(
                "pointer with a bounded part",
                value(),
                and(R7, 15),
                Code.add(R6, R7),
                alu(AluOp.SUB, R6, R7),
                load(B, R1, R6, 0),
                end());
        add(
                "value compared with itself",
                value(),
                mov(R8, R6),
                Code.add(R8, 8),
                jump(JumpOp.EQ, R6, R8, "end"),
                load(B, R1, R6, 0),
                end());
        add("map used as memory", map(R1, ARRAY), load(DW, R0, R1, 0), end());
        add("map stored to", map(R1, ARRAY), store(DW, R1, 0, 0), end());
        for (int offset : new int[] {0, 60, 61, 64}) {
            add("direct value at " + offset, mapValue(R1, ARRAY, offset), load(W, R0, R1, 0), mov(R0, 0), exit());
        }
    }

    private void uninitialised() {
        // r1 and r2 are the memory and its size in the raw profile.
        for (Register register : new Register[] {R0, R3, R4, R5, R6, R7, R8, R9}) {
            add("read of " + register + " at the start", mov(R1, register), end());
        }
        for (Register register : new Register[] {R1, R2, R3, R4, R5}) {
            add(
                    "read of " + register + " after a helper",
                    mov(register, 1),
                    call(Helper.GET_PRANDOM_U32),
                    mov(R0, register),
                    exit());
        }
        add(
                "register written on one path",
                call(Helper.GET_PRANDOM_U32),
                jump(JumpOp.EQ, R0, 0, "join"),
                mov(R6, 1),
                label("join"),
                mov(R0, R6),
                exit());
        add(
                "register written on both paths",
                call(Helper.GET_PRANDOM_U32),
                jump(JumpOp.EQ, R0, 0, "other"),
                mov(R6, 1),
                jump("join"),
                label("other"),
                mov(R6, 2),
                label("join"),
                mov(R0, R6),
                exit());
        add("compare of an unwritten register", jump(JumpOp.EQ, R6, 0, "end"), end());
        add("store of an unwritten register", store(DW, R10, -8, R6), end());
        add(
                "number or pointer, used as a number",
                value(),
                jump(JumpOp.EQ, R7, 0, "join"),
                mov(R6, 1),
                label("join"),
                load(B, R0, R6, 0),
                end());
    }

    private void helperArguments() {
        add(
                "lookup without a map",
                mov(R1, 0),
                mov(R2, R10),
                Code.add(R2, -4),
                store(W, R10, -4, 0),
                call(Helper.MAP_LOOKUP_ELEM),
                end());
        add("lookup by a number", map(R1, ARRAY), mov(R2, 0), call(Helper.MAP_LOOKUP_ELEM), end());
        add("lookup by an unwritten register", map(R1, ARRAY), call(Helper.MAP_LOOKUP_ELEM), end());
        for (int offset : new int[] {0, -3, -4, -516}) {
            add(
                    "lookup by a key at " + offset,
                    store(DW, R10, -8, 0),
                    map(R1, ARRAY),
                    mov(R2, R10),
                    Code.add(R2, offset),
                    call(Helper.MAP_LOOKUP_ELEM),
                    end());
        }
        add("lookup by a key in a value", value(), map(R1, ARRAY), mov(R2, R6), call(Helper.MAP_LOOKUP_ELEM), end());
        add(
                "lookup by a key at the end of a value",
                value(),
                map(R1, ARRAY),
                mov(R2, R6),
                Code.add(R2, 60),
                call(Helper.MAP_LOOKUP_ELEM),
                end());
        add(
                "lookup by a key past a value",
                value(),
                map(R1, ARRAY),
                mov(R2, R6),
                Code.add(R2, 61),
                call(Helper.MAP_LOOKUP_ELEM),
                end());
        add(
                "lookup by an unwritten key",
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                end());
        add(
                "lookup by a half-written key",
                store(W, R10, -8, 0),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                end());
        for (int size : new int[] {40, 48}) {
            add(
                    "update from a value of " + size,
                    fill(1 + size / 8),
                    map(R1, HASH),
                    mov(R2, R10),
                    Code.add(R2, -8),
                    mov(R3, R10),
                    Code.add(R3, -8 - size),
                    mov(R4, 0),
                    call(Helper.MAP_UPDATE_ELEM),
                    end());
        }
        add(
                "update without flags",
                fill(7),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                mov(R3, R10),
                Code.add(R3, -56),
                call(Helper.MAP_UPDATE_ELEM),
                end());
        add(
                "update with a pointer for flags",
                fill(7),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                mov(R3, R10),
                Code.add(R3, -56),
                mov(R4, R10),
                call(Helper.MAP_UPDATE_ELEM),
                end());
        add(
                "delete",
                store(DW, R10, -8, 0),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_DELETE_ELEM),
                end());
        add(
                "value of the hash, last bytes",
                store(DW, R10, -8, 0),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(DW, R1, R0, 40),
                end());
        add(
                "value of the hash, past its end",
                store(DW, R10, -8, 0),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(DW, R1, R0, 44),
                end());
        add("unknown helper", raw(new Instruction.CallHelper(0x7FFF)), end());
    }

    private void atomics() {
        for (AtomicOp op : AtomicOp.values()) {
            boolean always = op == AtomicOp.XCHG || op == AtomicOp.CMPXCHG;
            add(
                    "atomic " + op + " on a value",
                    value(),
                    mov(R0, 1),
                    mov(R8, 1),
                    atomic(op, true, always, R6, 8, R8),
                    end());
            add(
                    "atomic " + op + " on the stack",
                    store(DW, R10, -8, 0),
                    mov(R0, 1),
                    mov(R8, 1),
                    atomic(op, true, always, R10, -8, R8),
                    end());
            add(
                    "atomic " + op + " of 4 bytes",
                    value(),
                    mov(R0, 1),
                    mov(R8, 1),
                    atomic(op, false, always, R6, 60, R8),
                    end());
            add(
                    "atomic " + op + " past the value",
                    value(),
                    mov(R0, 1),
                    mov(R8, 1),
                    atomic(op, true, always, R6, 60, R8),
                    end());
        }
        add("atomic add of a pointer", value(), atomic(AtomicOp.ADD, true, false, R6, 8, R10), end());
        add("atomic add on unwritten stack", mov(R8, 1), atomic(AtomicOp.ADD, true, false, R10, -8, R8), end());
        add("atomic add, misaligned", value(), mov(R8, 1), atomic(AtomicOp.ADD, true, false, R6, 4, R8), end());
        add(
                "fetched number as an index",
                value(),
                mov(R8, 1),
                atomic(AtomicOp.ADD, true, true, R6, 8, R8),
                loadAt(R8, B),
                end());
        add(
                "fetched number, bounded",
                value(),
                mov(R8, 1),
                atomic(AtomicOp.ADD, true, true, R6, 8, R8),
                and(R8, 63),
                loadAt(R8, B),
                end());
        add(
                "cmpxchg result as an index",
                value(),
                mov(R0, 1),
                mov(R8, 1),
                atomic(AtomicOp.CMPXCHG, true, true, R6, 8, R8),
                loadAt(R0, B),
                end());
    }

    private void branches() {
        for (int flag : new int[] {0, 1}) {
            add(
                    "flag tells the path " + flag,
                    value(),
                    mov(R8, 0),
                    jump(JumpOp.GT, R7, 60, "join"),
                    mov(R8, 1),
                    label("join"),
                    jump(JumpOp.NE, R8, flag, "end"),
                    loadAt(R7, W),
                    end());
            add(
                    "pointer of one path " + flag,
                    value(),
                    mov(R8, 0),
                    mov(R9, 0),
                    jump(JumpOp.GT, R7, 60, "join"),
                    mov(R8, 1),
                    mov(R9, R6),
                    label("join"),
                    jump(JumpOp.NE, R8, flag, "end"),
                    load(W, R1, R9, 0),
                    end());
        }
        add(
                "branch that is never taken",
                mov(R7, 5),
                jump(JumpOp.GT, R7, 10, "bad"),
                mov(R0, 0),
                exit(),
                label("bad"),
                mov(R0, R6),
                exit());
        add("branch on bits", value(), jump(JumpOp.SET, R7, -64, "end"), loadAt(R7, B), end());
        add("branch on too few bits", value(), jump(JumpOp.SET, R7, 64, "end"), loadAt(R7, B), end());
        add(
                "two tests make one bound",
                value(),
                jump(JumpOp.GT, R7, 100, "end"),
                jump(JumpOp.GT, R7, 60, "end"),
                loadAt(R7, W),
                end());
        add(
                "bound from an equal register",
                value(),
                load(DW, R8, R6, 8),
                jump(JumpOp.GT, R8, 60, "end"),
                jump(JumpOp.NE, R7, R8, "end"),
                loadAt(R7, W),
                end());
        add(
                "bound from a greater register",
                value(),
                load(DW, R8, R6, 8),
                jump(JumpOp.GT, R8, 60, "end"),
                jump(JumpOp.GT, R7, R8, "end"),
                loadAt(R7, W),
                end());
        add(
                "bound from a smaller register",
                value(),
                load(DW, R8, R6, 8),
                jump(JumpOp.GT, R8, 60, "end"),
                jump(JumpOp.LT, R7, R8, "end"),
                loadAt(R7, W),
                end());
        add("test of an earlier copy", value(), mov(R8, R7), jump(JumpOp.GT, R8, 60, "end"), loadAt(R7, W), end());
        add(
                "test of a copy changed since",
                value(),
                mov(R8, R7),
                Code.add(R7, 1),
                jump(JumpOp.GT, R8, 60, "end"),
                loadAt(R7, W),
                end());
        add(
                "offset chosen by branch",
                value(),
                mov(R8, 0),
                jump(JumpOp.EQ, R7, 0, "join"),
                mov(R8, 60),
                label("join"),
                loadAt(R8, W),
                end());
        add(
                "offset chosen too far",
                value(),
                mov(R8, 0),
                jump(JumpOp.EQ, R7, 0, "join"),
                mov(R8, 61),
                label("join"),
                loadAt(R8, W),
                end());
    }

    private void relations() {
        for (int limit : new int[] {60, 61, 64}) {
            add(
                    "pointer made before the test " + limit,
                    value(),
                    mov(R8, R6),
                    Code.add(R8, R7),
                    jump(JumpOp.GT, R7, limit, "end"),
                    load(W, R1, R8, 0),
                    end());
            add(
                    "sum tested, part used " + limit,
                    value(),
                    mov(R8, R7),
                    Code.add(R8, 4),
                    jump(JumpOp.GT, R8, limit, "end"),
                    jump(JumpOp.LT, R8, 4, "end"),
                    loadAt(R7, W),
                    end());
            add(
                    "part tested, sum used " + limit,
                    value(),
                    mov(R8, R7),
                    Code.add(R8, 4),
                    jump(JumpOp.GT, R7, limit - 4, "end"),
                    loadAt(R8, W),
                    end());
            add(
                    "4-byte number plus 4 tested " + limit,
                    value(),
                    load(W, R7, R6, 8),
                    mov(R8, R7),
                    Code.add(R8, 4),
                    jump(JumpOp.GT, R8, limit, "end"),
                    loadAt(R7, W),
                    end());
            add(
                    "two counters in step " + limit,
                    value(),
                    mov(R8, 0),
                    label("head"),
                    load(B, R1, R6, 0),
                    Code.add(R6, 1),
                    Code.add(R8, 1),
                    jump(JumpOp.LT, R8, limit, "head"),
                    end());
        }
        add(
                "difference of a copy",
                value(),
                mov(R8, R7),
                Code.add(R8, 5),
                alu(AluOp.SUB, R8, R7),
                loadAt(R8, W),
                end());
        add("number minus itself", value(), alu(AluOp.SUB, R7, R7), loadAt(R7, W), end());
        add("number xor itself", value(), alu(AluOp.XOR, R7, R7), loadAt(R7, W), end());
    }

    private static Width width(int bits) {
        for (Width width : WIDTHS) {
            if (width.bits() == bits) {
                return width;
            }
        }
        throw new IllegalArgumentException("no width of " + bits + " bits");
    }

    private void extensions() {
        for (int bits : new int[] {8, 16, 32}) {
            add("sign-extended from " + bits, value(), movsx(bits, R8, R7), loadAt(R8, B), end());
            add(
                    "masked and sign-extended from " + bits,
                    value(),
                    and(R7, 63),
                    movsx(bits, R8, R7),
                    loadAt(R8, B),
                    end());
            add("sign-extended load of " + bits, value(), loadsx(width(bits), R8, R6, 0), loadAt(R8, B), end());
            add(
                    "sign-extended load of " + bits + ", tested",
                    value(),
                    loadsx(width(bits), R8, R6, 0),
                    jump(JumpOp.SLT, R8, 0, "end"),
                    jump(JumpOp.SGT, R8, 63, "end"),
                    loadAt(R8, B),
                    end());
        }
        for (ByteSwapKind kind : ByteSwapKind.values()) {
            for (int bits : new int[] {16, 32, 64}) {
                add("byte swap " + kind + bits, value(), and(R7, 63), swap(kind, bits, R7), loadAt(R7, B), end());
            }
        }
        add(
                "8-byte load bounded by its width",
                value(),
                load(B, R7, R6, 0),
                alu(AluOp.RSH, R7, 2),
                loadAt(R7, B),
                end());
        add("byte is below 256", value(), load(B, R7, R6, 0), loadAt(R7, B), end());
    }

    private void exits() {
        add("exit without a result", exit());
        add("exit with a pointer", mov(R0, R10), exit());
        add("no exit", mov(R0, 0));
        add("jump past the end", mov(R0, 0), raw(new Instruction.Jump(5, false)), exit());
        add("unreachable code", mov(R0, 0), exit(), mov(R0, 1), exit());
        add("result of any size", lddw(R0, -1), exit());
        add("pointer stored in a value", value(), store(DW, R6, 0, R10), end());
        add("pointer stored in a value by itself", value(), store(DW, R6, 0, R6), end());
    }
}
