package dev.gbpf.verifier.precision;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;

import dev.gbpf.abi.Helper;
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
 * Programs of one kind, with the parameters that lie on either side of what is safe.
 *
 * <p>Maps: 0 is an array of four 64-byte values, 1 a hash of 8-byte keys and 48-byte values.
 */
abstract class ProgramFamily {
    static final int ARRAY = 0;
    static final int HASH = 1;
    static final int VALUE_SIZE = 64;

    static final Width[] WIDTHS = {B, H, W, DW};

    private final Map<String, Program> programs = new LinkedHashMap<>();

    /** Adds every program of the kind. */
    abstract void addAll();

    /** The programs by name, in a fixed order. */
    final Map<String, Program> programs() {
        if (programs.isEmpty()) {
            addAll();
        }
        return programs;
    }

    final void add(String name, Object... parts) {
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
    static List<Code.Line> lookup() {
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
    static List<Code.Line> hashValue() {
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
    static List<Code.Line> value() {
        List<Code.Line> lines = new ArrayList<>(lookup());
        lines.add(mov(R6, R0));
        lines.add(load(DW, R7, R6, 0));
        return lines;
    }

    static List<Code.Line> end() {
        return List.of(label("end"), mov(R0, 0), exit());
    }

    /** A load at r6 + an index register. */
    static List<Code.Line> loadAt(Register index, Width width) {
        return List.of(Code.add(R6, index), load(width, R1, R6, 0));
    }

    static List<Code.Line> fill(int slots) {
        List<Code.Line> lines = new ArrayList<>();
        for (int i = 1; i <= slots; i++) {
            lines.add(store(DW, R10, -8 * i, 0));
        }
        return lines;
    }

    static List<Code.Line> maybeNull() {
        return List.of(
                store(W, R10, -4, 0), map(R1, ARRAY), mov(R2, R10), Code.add(R2, -4), call(Helper.MAP_LOOKUP_ELEM));
    }
}
