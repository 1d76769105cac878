package dev.gbpf.object.elf;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.CallRegister;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the program of a hook from its function and all functions that it calls, directly or not: their instructions one
 * after the other, with calls, maps and variables resolved. A function that several hooks call is in each of their programs.
 */
final class ProgramLinker {
    /** Slots of all programs of an object together. */
    static final int MAX_SLOTS = 500_000;

    private static final int TAIL_CALL = 12;

    private final SymbolResolver symbols;
    private final @Nullable LineTable lines;
    /** Functions with maps and variables resolved; calls are resolved per program. */
    private final Map<ElfFunction, Resolved> resolved = new HashMap<>();

    private int slots;

    ProgramLinker(SymbolResolver symbols, @Nullable LineTable lines) {
        this.symbols = symbols;
        this.lines = lines;
    }

    /**
     * A function whose instructions may be placed anywhere.
     *
     * @param callees the function that the call at an index leads to
     */
    private record Resolved(List<Instruction> instructions, Map<Integer, ElfFunction> callees) {}

    /**
     * A linked program.
     *
     * @param functions its functions and the pc at which each begins, in order
     */
    record Linked(Program program, Map<ElfFunction, Integer> functions) {}

    Linked link(ElfFunction entry) {
        Map<ElfFunction, Integer> bases = new LinkedHashMap<>();
        List<ElfFunction> order = new ArrayList<>(List.of(entry));
        bases.put(entry, 0);
        int end = entry.code().slots();
        for (int i = 0; i < order.size(); i++) {
            for (ElfFunction callee : resolve(order.get(i)).callees().values()) {
                if (!bases.containsKey(callee)) {
                    bases.put(callee, end);
                    end += callee.code().slots();
                    order.add(callee);
                }
            }
        }
        slots += end;
        if (slots > MAX_SLOTS) {
            throw new ElfFormatException(
                    ElfProblem.LIMIT,
                    entry.section().at(entry.start()) + " (" + entry.name() + ")",
                    "the programs with all that they call have more than " + MAX_SLOTS + " slots",
                    "shorten the functions that several hooks call");
        }
        List<Instruction> instructions = new ArrayList<>(end);
        order.forEach(function -> place(function, bases, instructions));
        return new Linked(new Program(instructions), bases);
    }

    private void place(ElfFunction function, Map<ElfFunction, Integer> bases, List<Instruction> into) {
        Resolved code = resolve(function);
        int base = pc(bases, function);
        for (int i = 0; i < code.instructions().size(); i++) {
            ElfFunction callee = code.callees().get(i);
            if (callee == null) {
                into.add(code.instructions().get(i));
            } else {
                into.add(new CallLocal(
                        pc(bases, callee) - (base + function.code().pcOf(i) + 1)));
            }
        }
    }

    private static int pc(Map<ElfFunction, Integer> bases, ElfFunction function) {
        Integer pc = bases.get(function);
        if (pc == null) {
            throw new AssertionError("function " + function.name() + " has no place");
        }
        return pc;
    }

    private Resolved resolve(ElfFunction function) {
        Resolved known = resolved.get(function);
        if (known != null) {
            return known;
        }
        checkCore(function);
        List<Instruction> instructions = new ArrayList<>(function.code().size());
        Map<Integer, ElfFunction> callees = new LinkedHashMap<>();
        Map<Long, ElfRelocation> relocations = symbols.relocations(function.section());
        Map<Long, ElfRelocation> used = new HashMap<>();
        for (int i = 0; i < function.code().size(); i++) {
            long offset = function.start() + (long) function.code().pcOf(i) * ElfFunction.SLOT;
            ElfRelocation relocation = relocations.get(offset);
            Instruction instruction = function.code().get(i);
            if (relocation != null) {
                checkType(function, i, instruction, relocation);
                used.put(offset, relocation);
            }
            check(function, i, instruction);
            if (instruction instanceof CallLocal call) {
                callees.put(i, symbols.callee(function, i, call));
            }
            instructions.add(
                    relocation != null && instruction instanceof LoadImm64 load
                            ? symbols.address(function, i, load, relocation)
                            : instruction);
        }
        symbols.checkUsed(function, used);
        Resolved result = new Resolved(instructions, callees);
        resolved.put(function, result);
        return result;
    }

    private void checkType(ElfFunction function, int index, Instruction instruction, ElfRelocation relocation) {
        boolean fits = switch (instruction) {
            case LoadImm64 _ -> relocation.type() == ElfRelocation.BPF_64_64;
            case CallLocal _ -> relocation.type() == ElfRelocation.BPF_64_32;
            default -> false;
        };
        if (!fits) {
            throw symbols.unsupported(function.at(index), relocation);
        }
    }

    private static void check(ElfFunction function, int index, Instruction instruction) {
        if (instruction instanceof CallRegister) {
            throw new ElfFormatException(
                    ElfProblem.FUNCTION_POINTER,
                    function.at(index),
                    "a function is called through a pointer",
                    "call it by its name; choose between functions with if or switch");
        }
        if (instruction instanceof CallHelper call && call.id() == TAIL_CALL) {
            throw new ElfFormatException(
                    ElfProblem.TAIL_CALL,
                    function.at(index),
                    "bpf_tail_call goes to another program",
                    "call a function of the same file instead");
        }
        if (instruction instanceof LoadPseudo) {
            throw new ElfFormatException(
                    ElfProblem.RELOCATION,
                    function.at(index),
                    "a map or function is loaded without a relocation that names it",
                    "refer to it by its name");
        }
    }

    private void checkCore(ElfFunction function) {
        Long offset = lines == null
                ? null
                : lines.coreRelocation(function.section().name(), function.start(), function.end());
        if (offset != null) {
            throw new ElfFormatException(
                    ElfProblem.CORE_RELOCATION,
                    function.section().at(offset) + " (" + function.name() + ")",
                    "the access is to be adapted to the types of a kernel",
                    "leave out preserve_access_index and the macros of bpf_core_read.h; contexts of gBPF do not move");
        }
    }
}
