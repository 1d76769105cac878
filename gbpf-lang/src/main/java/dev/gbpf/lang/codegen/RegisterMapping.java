package dev.gbpf.lang.codegen;

import dev.gbpf.lang.codegen.LowInstruction.Alu;
import dev.gbpf.lang.codegen.LowInstruction.AtomicAdd;
import dev.gbpf.lang.codegen.LowInstruction.Branch;
import dev.gbpf.lang.codegen.LowInstruction.Load;
import dev.gbpf.lang.codegen.LowInstruction.LoadMap;
import dev.gbpf.lang.codegen.LowInstruction.LoadMapValue;
import dev.gbpf.lang.codegen.LowInstruction.Move;
import dev.gbpf.lang.codegen.LowInstruction.Negate;
import dev.gbpf.lang.codegen.LowInstruction.Store;
import java.util.function.IntUnaryOperator;

/** Renames the registers of an instruction. */
final class RegisterMapping {
    private RegisterMapping() {}

    /** The same instruction over other registers; the machine's own stay what they are. */
    static LowInstruction map(LowInstruction instruction, IntUnaryOperator names) {
        IntUnaryOperator r = n -> n < LowInstruction.FIRST_VIRTUAL ? n : names.applyAsInt(n);
        return switch (instruction) {
            case Move(int dst, Source src) -> new Move(r.applyAsInt(dst), map(src, r));
            case Alu(var op, int dst, Source src) -> new Alu(op, r.applyAsInt(dst), map(src, r));
            case Negate(int dst) -> new Negate(r.applyAsInt(dst));
            case LoadMap(int dst, int map) -> new LoadMap(r.applyAsInt(dst), map);
            case LoadMapValue(int dst, int map, int offset) -> new LoadMapValue(r.applyAsInt(dst), map, offset);
            case Load(var width, boolean signed, int dst, int base, int offset) ->
                new Load(width, signed, r.applyAsInt(dst), r.applyAsInt(base), offset);
            case Store(var width, int base, int offset, Source src) ->
                new Store(width, r.applyAsInt(base), offset, map(src, r));
            case AtomicAdd(int base, int offset, int src) ->
                new AtomicAdd(r.applyAsInt(base), offset, r.applyAsInt(src));
            case Branch(var op, int left, Source right, int label) ->
                new Branch(op, r.applyAsInt(left), map(right, r), label);
            case LowInstruction.Call _,
                    LowInstruction.Invoke _,
                    LowInstruction.Label _,
                    LowInstruction.Jump _,
                    LowInstruction.Exit _ -> instruction;
        };
    }

    private static Source map(Source source, IntUnaryOperator names) {
        return source instanceof Source.Reg(int register) ? new Source.Reg(names.applyAsInt(register)) : source;
    }
}
