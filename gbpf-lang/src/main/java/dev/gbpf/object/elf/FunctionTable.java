package dev.gbpf.object.elf;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The functions of an object. They do not overlap; a function that has several names has the first one here. */
final class FunctionTable {
    private final Map<Integer, NavigableMap<Long, ElfFunction>> bySection = new HashMap<>();

    static FunctionTable read(ElfFile file) {
        FunctionTable table = new FunctionTable();
        for (ElfSymbol symbol : file.symbols()) {
            if (symbol.type() == ElfSymbol.FUNCTION) {
                file.sectionOf(symbol)
                        .filter(ElfSection::isCode)
                        .ifPresent(section -> table.add(file.nameOf(symbol), symbol, section));
            }
        }
        return table;
    }

    private void add(String name, ElfSymbol symbol, ElfSection section) {
        long start = symbol.value();
        long size = symbol.size();
        boolean fits = start >= 0 && size > 0 && start <= section.size() && size <= section.size() - start;
        if (!fits || start % ElfFunction.SLOT != 0 || size % ElfFunction.SLOT != 0) {
            throw ElfFormatException.damaged(
                    "section " + section.name(),
                    "function " + name + " has " + Long.toUnsignedString(size) + " bytes at offset "
                            + Long.toUnsignedString(start) + ", of " + section.size());
        }
        NavigableMap<Long, ElfFunction> functions = bySection.computeIfAbsent(section.index(), i -> new TreeMap<>());
        ElfFunction same = functions.get(start);
        if (same != null && same.end() == start + size) {
            return;
        }
        Map.Entry<Long, ElfFunction> before = functions.lowerEntry(start + size);
        if (before != null && before.getValue().end() > start) {
            throw ElfFormatException.damaged(
                    section.at(start),
                    "functions " + before.getValue().name() + " and " + name + " share instructions");
        }
        functions.put(start, ElfFunction.read(name, symbol.isLocal(), section, start, size));
    }

    /** The function that begins at an offset of a section. */
    Optional<ElfFunction> at(ElfSection section, long offset) {
        return Optional.ofNullable(
                bySection.getOrDefault(section.index(), new TreeMap<>()).get(offset));
    }

    /** The functions of a section in order of their offsets. */
    Collection<ElfFunction> in(ElfSection section) {
        return bySection.getOrDefault(section.index(), new TreeMap<>()).values();
    }
}
