package dev.gbpf.verifier.cfg;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.platform.ArrayLayout;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules that each instruction must keep by itself, reachable or not: engines translate the whole program, so what has no
 * meaning may not be in it at all.
 */
public final class StructureCheck {
    private static final int MAX_VIOLATIONS = 20;

    private final Program program;
    private final List<MapDefinition> maps;
    private final ProgramType type;
    private final List<Violation> violations = new ArrayList<>();

    private StructureCheck(Program program, List<MapDefinition> maps, ProgramType type) {
        this.program = program;
        this.maps = maps;
        this.type = type;
    }

    /** What is wrong with the program's instructions; empty when each is well-formed. At most the first 20. */
    public static List<Violation> check(Program program, List<MapDefinition> maps, ProgramType type) {
        if (program.size() == 0) {
            return List.of(Violation.of(RejectionCode.EMPTY_PROGRAM, 0, "the program has a first instruction"));
        }
        StructureCheck check = new StructureCheck(program, maps, type);
        Functions functions = Functions.of(program);
        for (int function = 0; function < functions.count(); function++) {
            for (int i = functions.start(function); i < functions.end(function); i++) {
                if (check.violations.size() >= MAX_VIOLATIONS) {
                    return check.violations;
                }
                check.instruction(i);
                check.flow(i, functions.start(function), functions.end(function));
            }
        }
        return check.violations;
    }

    private void report(RejectionCode code, int index, String assertion) {
        violations.add(Violation.of(code, index, assertion));
    }

    private void flow(int index, int start, int end) {
        Instruction instruction = program.get(index);
        switch (instruction) {
            case Instruction.Jump jump -> target(index, jump.offset(), start, end);
            case Instruction.CondJump jump -> target(index, jump.offset(), start, end);
            case Instruction.CallLocal call -> {
                if (program.targetIndex(index, call.offset()) < 0) {
                    invalidTarget(index, call.offset());
                }
            }
            default -> {}
        }
        boolean leaves = instruction instanceof Instruction.Jump || instruction instanceof Instruction.Exit;
        if (index == end - 1 && !leaves) {
            report(
                    RejectionCode.FALLS_OFF_END,
                    index,
                    "the last instruction of a function is exit or an unconditional jump");
        }
    }

    private void target(int index, int offset, int start, int end) {
        int target = program.targetIndex(index, offset);
        if (target < 0) {
            invalidTarget(index, offset);
        } else if (target < start || target >= end) {
            violations.add(new Violation(
                    RejectionCode.JUMP_OUT_OF_FUNCTION,
                    index,
                    "the jump stays in its function",
                    "the target is pc=" + program.pcOf(target),
                    "a target from pc=" + program.pcOf(start) + " to pc=" + program.pcOf(end - 1)));
        }
    }

    private void invalidTarget(int index, int offset) {
        long pc = (long) program.pcOf(index + 1) + offset;
        String known = pc < 0 || pc >= program.slots()
                ? "pc=" + pc + " is outside the program of " + program.slots() + " slots"
                : "pc=" + pc + " is the second slot of a 64-bit immediate load";
        violations.add(new Violation(
                RejectionCode.INVALID_TARGET,
                index,
                "the target is the first slot of an instruction",
                known,
                "a target that begins an instruction"));
    }

    private void instruction(int index) {
        switch (program.get(index)) {
            case Instruction.Alu i -> writable(index, i.dst());
            case Instruction.Mov i -> writable(index, i.dst());
            case Instruction.Neg i -> writable(index, i.dst());
            case Instruction.ByteSwap i -> writable(index, i.dst());
            case Instruction.LoadImm64 i -> writable(index, i.dst());
            case Instruction.LoadPseudo i -> {
                writable(index, i.dst());
                pseudo(index, i);
            }
            case Instruction.Load i -> writable(index, i.dst());
            case Instruction.Atomic i -> {
                if (i.fetch() && i.op() != AtomicOp.CMPXCHG) {
                    writable(index, i.src());
                }
            }
            case Instruction.CallHelper i -> helper(index, i.id());
            case Instruction.CallBtf i -> unsupported(index);
            case Instruction.CallRegister i -> unsupported(index);
            case Instruction.Store i -> {}
            case Instruction.Jump i -> {}
            case Instruction.CondJump i -> {}
            case Instruction.CallLocal i -> {}
            case Instruction.Exit i -> {}
        }
    }

    private void writable(int index, Register register) {
        if (register == Register.R10) {
            report(RejectionCode.FRAME_POINTER_WRITTEN, index, "r10 is not written");
        }
    }

    private void unsupported(int index) {
        report(RejectionCode.UNSUPPORTED_INSTRUCTION, index, "the instruction is one that policies may use");
    }

    private void helper(int index, int id) {
        Optional<Helper> helper = Helper.byId(id);
        if (helper.isEmpty()) {
            report(RejectionCode.UNKNOWN_HELPER, index, "helper number=" + id + " exists");
        } else if (!type.helpers().contains(helper.get())) {
            report(
                    RejectionCode.HELPER_NOT_ALLOWED,
                    index,
                    "helper " + helper.get().symbol() + " is available in " + type.name());
        }
    }

    private void pseudo(int index, Instruction.LoadPseudo load) {
        switch (load.kind()) {
            case VARIABLE, CODE -> unsupported(index);
            case MAP_BY_FD, MAP_BY_INDEX -> map(index, load.imm());
            case MAP_VALUE_BY_FD, MAP_VALUE_BY_INDEX -> {
                if (map(index, load.imm())) {
                    value(index, load, maps.get(load.imm()));
                }
            }
        }
    }

    private boolean map(int index, int map) {
        if (map >= 0 && map < maps.size()) {
            return true;
        }
        report(RejectionCode.UNKNOWN_MAP, index, "map index=" + map + " is below " + maps.size());
        return false;
    }

    private void value(int index, Instruction.LoadPseudo load, MapDefinition map) {
        if (map.kind() != MapKind.ARRAY) {
            report(
                    RejectionCode.INVALID_MAP_VALUE_ADDRESS,
                    index,
                    "map " + map.name() + " is an array, not a " + map.kind().keyword());
        } else if (load.nextImm() < 0 || load.nextImm() >= ArrayLayout.of(map).size()) {
            report(
                    RejectionCode.INVALID_MAP_VALUE_ADDRESS,
                    index,
                    "offset=" + load.nextImm() + " is in 0.."
                            + (ArrayLayout.of(map).size() - 1) + ", the value area of " + map.name());
        }
    }
}
