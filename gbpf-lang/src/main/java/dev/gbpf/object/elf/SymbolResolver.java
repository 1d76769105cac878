package dev.gbpf.object.elf;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.PseudoKind;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/** What relocations of code mean: maps, variables and functions. */
final class SymbolResolver {
    private static final int MAX_ADDRESS = 1 << 30;

    private final ElfFile file;
    private final FunctionTable functions;
    /** Index of the map that is declared at an offset of section {@code .maps}. */
    private final Map<Long, Integer> declaredMaps = new HashMap<>();
    /** Index of the map that holds a section's variables. */
    private final Map<Integer, Integer> variableMaps = new HashMap<>();

    private final Map<Integer, NavigableMap<Long, ElfRelocation>> relocations = new HashMap<>();

    SymbolResolver(ElfFile file, FunctionTable functions, Iterable<Long> declared, Iterable<Integer> variables) {
        this.file = file;
        this.functions = functions;
        int index = 0;
        for (Long offset : declared) {
            declaredMaps.put(offset, index++);
        }
        for (Integer section : variables) {
            variableMaps.put(section, index++);
        }
    }

    /** The relocations of a code section by offset. */
    NavigableMap<Long, ElfRelocation> relocations(ElfSection section) {
        return relocations.computeIfAbsent(section.index(), i -> file.relocations(section));
    }

    /** The instruction that a relocated 64-bit immediate load becomes. */
    Instruction address(ElfFunction function, int index, LoadImm64 load, ElfRelocation relocation) {
        ElfSymbol symbol = file.symbols().get(relocation.symbol());
        String name = file.nameOf(symbol);
        String place = function.at(index);
        ElfSection section = defined(symbol, name, place);
        long at = symbol.value() + load.value();
        if (at < 0 || at >= MAX_ADDRESS || symbol.value() < 0 || symbol.value() > MAX_ADDRESS) {
            throw ElfFormatException.damaged(place, "the address of " + name + " is out of range");
        }
        if (section.name().equals(MapSection.SECTION)) {
            Integer map = declaredMaps.get(at);
            if (map == null) {
                throw new ElfFormatException(
                        ElfProblem.MAP,
                        place,
                        "no map begins at offset " + at + " of section .maps (" + name + ")",
                        "pass the address of a map as it is, without arithmetic");
            }
            return new LoadPseudo(PseudoKind.MAP_BY_INDEX, load.dst(), map, 0);
        }
        Integer variables = variableMaps.get(section.index());
        if (variables != null) {
            return new LoadPseudo(PseudoKind.MAP_VALUE_BY_INDEX, load.dst(), variables, (int) at);
        }
        if (section.isCode()) {
            throw new ElfFormatException(
                    ElfProblem.FUNCTION_POINTER,
                    place,
                    "the address of function " + name + " is taken",
                    "call it by its name; choose between functions with if or switch");
        }
        throw new ElfFormatException(
                ElfProblem.SECTION,
                place,
                "variable " + name + " is in section " + section.name(),
                "leave out its SEC(), or use .data, .rodata or .bss");
    }

    /** The function that a call leads to. */
    ElfFunction callee(ElfFunction function, int index, CallLocal call) {
        long pc = function.start() / ElfFunction.SLOT + function.code().pcOf(index);
        ElfRelocation relocation = relocations(function.section()).get(pc * ElfFunction.SLOT);
        String place = function.at(index);
        ElfSection section = function.section();
        long target = (pc + 1 + call.offset()) * ElfFunction.SLOT;
        if (relocation != null) {
            ElfSymbol symbol = file.symbols().get(relocation.symbol());
            section = defined(symbol, file.nameOf(symbol), place);
            target = symbol.value() + (call.offset() + 1L) * ElfFunction.SLOT;
        }
        Optional<ElfFunction> callee = functions.at(section, target);
        if (callee.isEmpty()) {
            throw new ElfFormatException(
                    ElfProblem.CODE,
                    place,
                    "the call leads to " + section.at(target) + ", where no function begins",
                    "compile the policy again");
        }
        return callee.get();
    }

    private ElfSection defined(ElfSymbol symbol, String name, String place) {
        if (symbol.section() == ElfSymbol.UNDEFINED) {
            boolean isHelper = Helper.byName(name).isPresent()
                    || (name.startsWith("bpf_")
                            && Helper.byName(name.substring(4)).isPresent());
            throw new ElfFormatException(
                    ElfProblem.UNDEFINED_SYMBOL,
                    place,
                    name + " is declared but not defined",
                    isHelper ? "include gbpf.h, which declares the helpers" : "define it in the policy's file");
        }
        Optional<ElfSection> section = file.sectionOf(symbol);
        if (section.isEmpty() || symbol.type() == ElfSymbol.THREAD_LOCAL) {
            throw new ElfFormatException(
                    ElfProblem.RELOCATION,
                    place,
                    name + (symbol.section() == ElfSymbol.COMMON ? " is a common symbol" : " has no section"),
                    symbol.section() == ElfSymbol.COMMON
                            ? "compile with -fno-common"
                            : "define it in the policy's file");
        }
        return section.get();
    }

    /** Refuses relocations of a function that no instruction takes. */
    void checkUsed(ElfFunction function, Map<Long, ElfRelocation> used) {
        Map<Long, ElfRelocation> own =
                relocations(function.section()).subMap(function.start(), true, function.end(), false);
        own.forEach((offset, relocation) -> {
            if (!used.containsKey(offset)) {
                throw unsupported(function.section().at(offset) + " (" + function.name() + ")", relocation);
            }
        });
    }

    ElfFormatException unsupported(String place, ElfRelocation relocation) {
        return new ElfFormatException(
                ElfProblem.RELOCATION,
                place,
                "a relocation " + ElfRelocation.typeName(relocation.type()) + " by "
                        + file.nameOf(file.symbols().get(relocation.symbol())),
                "compile with clang -target bpf -O2; inline assembly can cause this");
    }
}
