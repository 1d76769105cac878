package dev.gbpf.object.elf;

import dev.gbpf.abi.MapKind;
import dev.gbpf.object.InitialContents;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.ObjectLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Global variables: each section of them that programs refer to becomes an array map of one element, as libbpf does it. The
 * map is called as the section, with underscores for dots: {@code .rodata.str1.1} is {@code _rodata_str1_1}.
 */
final class DataSections {
    private static final List<String> NAMES = List.of(".data", ".rodata", ".bss");

    private DataSections() {}

    /** The maps of the sections that instructions refer to, by the section's index, in that order. */
    static Map<Integer, MapDefinition> read(ElfFile file) {
        Map<Integer, ElfSection> used = new TreeMap<>();
        for (ElfSection code : file.sections()) {
            if (!code.isCode()) {
                continue;
            }
            for (ElfRelocation relocation : file.relocations(code).values()) {
                file.sectionOf(file.symbols().get(relocation.symbol()))
                        .filter(DataSections::isVariables)
                        .ifPresent(s -> used.put(s.index(), s));
            }
        }
        Map<Integer, MapDefinition> maps = new LinkedHashMap<>();
        used.values().forEach(section -> maps.put(section.index(), map(file, section)));
        return maps;
    }

    private static boolean isVariables(ElfSection section) {
        return section.isData()
                && NAMES.stream()
                        .anyMatch(
                                n -> section.name().equals(n) || section.name().startsWith(n + "."));
    }

    private static MapDefinition map(ElfFile file, ElfSection section) {
        if (section.size() < 1 || section.size() > MapDefinition.MAX_VALUE_SIZE) {
            throw new ElfFormatException(
                    ElfProblem.DATA,
                    "section " + section.name(),
                    "its variables take " + Long.toUnsignedString(section.size()) + " bytes, the limit is "
                            + MapDefinition.MAX_VALUE_SIZE,
                    "put large tables into a map of section .maps");
        }
        for (ElfRelocation relocation : file.relocations(section).values()) {
            ElfSymbol symbol = file.symbols().get(relocation.symbol());
            boolean isFunction = symbol.type() == ElfSymbol.FUNCTION
                    || file.sectionOf(symbol).filter(ElfSection::isCode).isPresent();
            throw new ElfFormatException(
                    isFunction ? ElfProblem.FUNCTION_POINTER : ElfProblem.DATA,
                    section.at(relocation.offset()),
                    "a variable holds the address of " + file.nameOf(symbol),
                    isFunction
                            ? "choose the function with if or switch"
                            : "store an index instead of a pointer; for texts, an array of char arrays");
        }
        return define(section);
    }

    private static MapDefinition define(ElfSection section) {
        String name = section.name().replace('.', '_');
        if (!ObjectLayout.isName(name)) {
            throw new ElfFormatException(
                    ElfProblem.DATA,
                    "section " + section.name(),
                    "its map would be called \"" + name + "\"",
                    "use at most " + ObjectLayout.MAX_NAME_LENGTH + " letters, digits, dots and underscores");
        }
        MapDefinition map = new MapDefinition(name, MapKind.ARRAY, Integer.BYTES, (int) section.size(), 1)
                .withInitial(InitialContents.of(section.bytes().copy()));
        return section.isWritable() ? map : map.asReadOnly();
    }

    /** All maps of an object: the declared ones, then those of variables. */
    static List<MapDefinition> all(Map<Long, MapSection.DeclaredMap> declared, Map<Integer, MapDefinition> variables) {
        List<MapDefinition> maps = new ArrayList<>();
        declared.values().forEach(m -> maps.add(m.definition()));
        maps.addAll(variables.values());
        return maps;
    }
}
