package dev.gbpf.verifier.testkit;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Simpler programs: with a stretch of instructions left out, long stretches first, and with smaller constants. Jumps keep their
 * targets; one whose target is left out leads to the instruction after it.
 */
public final class ProgramShrinker {
    private ProgramShrinker() {}

    /** Programs that are one change simpler, the simplest first. */
    public static Stream<Program> simpler(Program program) {
        return Stream.concat(shorter(program), smaller(program));
    }

    /**
     * The simplest program that can be reached in such changes and still has a property.
     *
     * @param program has the property
     */
    public static Program shrink(Program program, Predicate<Program> property) {
        Program current = program;
        while (true) {
            Optional<Program> next = simpler(current).filter(property).findFirst();
            if (next.isEmpty()) {
                return current;
            }
            current = next.get();
        }
    }

    /** How large the constants of a program are, in bits; changes of {@link #simpler} lower it, or the number of instructions. */
    static long weight(Program program) {
        return program.instructions().stream()
                .mapToLong(ProgramShrinker::weight)
                .sum();
    }

    private static long weight(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu i -> weight(i.src());
            case Instruction.Mov i -> weight(i.src());
            case Instruction.Store i -> weight(i.src());
            case Instruction.CondJump i -> weight(i.right());
            case Instruction.LoadImm64 i -> bits(i.value());
            default -> 0;
        };
    }

    private static long weight(Operand operand) {
        return operand instanceof Immediate i ? bits(i.value()) : 0;
    }

    private static int bits(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value < 0 ? -value : value);
    }

    private static Stream<Program> shorter(Program program) {
        return Stream.iterate(program.size() / 2, length -> length >= 1, length -> length / 2)
                .flatMap(length -> IntStream.rangeClosed(0, program.size() - length)
                        .mapToObj(from -> without(program, from, length))
                        .flatMap(Optional::stream));
    }

    /** The program without some instructions; nothing when a jump would lead nowhere. */
    private static Optional<Program> without(Program program, int from, int length) {
        List<Integer> kept = new ArrayList<>();
        int[] newIndex = new int[program.size() + 1];
        for (int i = 0; i < program.size(); i++) {
            newIndex[i] = kept.size();
            if (i < from || i >= from + length) {
                kept.add(i);
            }
        }
        newIndex[program.size()] = kept.size();
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        int[] pcs = new int[kept.size() + 1];
        for (int i = 0; i < kept.size(); i++) {
            pcs[i + 1] = pcs[i] + program.get(kept.get(i)).slots();
        }
        List<Instruction> instructions = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            Instruction instruction = program.get(kept.get(i));
            Optional<Integer> offset = offset(instruction);
            if (offset.isPresent()) {
                int target = program.targetIndex(kept.get(i), offset.get());
                if (target < 0 || newIndex[target] >= kept.size()) {
                    return Optional.empty();
                }
                instruction = withOffset(instruction, pcs[newIndex[target]] - pcs[i] - 1);
            }
            instructions.add(instruction);
        }
        return Optional.of(new Program(instructions));
    }

    private static Optional<Integer> offset(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Jump i -> Optional.of(i.offset());
            case Instruction.CondJump i -> Optional.of((int) i.offset());
            case Instruction.CallLocal i -> Optional.of(i.offset());
            default -> Optional.empty();
        };
    }

    private static Instruction withOffset(Instruction instruction, int offset) {
        return switch (instruction) {
            case Instruction.Jump i -> new Instruction.Jump(offset, offset != (short) offset);
            case Instruction.CondJump i ->
                new Instruction.CondJump(i.op(), i.is64(), i.left(), i.right(), (short) offset);
            case Instruction.CallLocal i -> new Instruction.CallLocal(offset);
            default -> instruction;
        };
    }

    private static Stream<Program> smaller(Program program) {
        return IntStream.range(0, program.size())
                .boxed()
                .flatMap(i -> smaller(program.get(i)).map(instruction -> {
                    List<Instruction> changed = new ArrayList<>(program.instructions());
                    changed.set(i, instruction);
                    return new Program(changed);
                }));
    }

    private static Stream<Instruction> smaller(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu i -> smaller(i.src()).map(c -> new Instruction.Alu(i.op(), i.is64(), i.dst(), c));
            case Instruction.Mov i ->
                smaller(i.src()).map(c -> new Instruction.Mov(i.is64(), i.signBits(), i.dst(), c));
            case Instruction.Store i ->
                smaller(i.src()).map(c -> new Instruction.Store(i.width(), i.base(), i.offset(), c));
            case Instruction.CondJump i ->
                smaller(i.right()).map(c -> new Instruction.CondJump(i.op(), i.is64(), i.left(), c, i.offset()));
            case Instruction.LoadImm64 i ->
                Stream.of(0L, 1L, i.value() / 2)
                        .filter(v -> bits(v) < bits(i.value()))
                        .distinct()
                        .map(v -> new Instruction.LoadImm64(i.dst(), v));
            default -> Stream.empty();
        };
    }

    private static Stream<Operand> smaller(Operand operand) {
        return switch (operand) {
            case Immediate i ->
                Stream.of(0, 1, i.value() / 2)
                        .filter(v -> bits(v) < bits(i.value()))
                        .distinct()
                        .map(Immediate::new);
            default -> Stream.empty();
        };
    }
}
