package dev.gbpf.object.elf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The structure of an ELF file for BPF: sections, symbols and relocations (System V ABI, chapter 4). Sections may not share
 * bytes, so what is read from them is bounded by the length of the file.
 */
final class ElfFile {
    private static final int HEADER_SIZE = 64;
    private static final int SECTION_HEADER_SIZE = 64;
    private static final int SYMBOL_SIZE = 24;
    private static final int RELOCATION_SIZE = 16;
    private static final int RELOCATABLE = 1;
    private static final int MACHINE_BPF = 247;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;

    private final List<ElfSection> sections;
    private final ElfBytes symbolNames;
    private final List<ElfSymbol> symbols;
    /** The sections of relocations by the section that they change. */
    private final Map<Integer, List<ElfSection>> relocations = new HashMap<>();

    private ElfFile(List<ElfSection> sections, ElfBytes symbolNames, List<ElfSymbol> symbols) {
        this.sections = sections;
        this.symbolNames = symbolNames;
        this.symbols = symbols;
        for (ElfSection section : sections) {
            if (section.type() == ElfSection.REL || section.type() == ElfSection.RELA) {
                relocations
                        .computeIfAbsent(section.info(), i -> new ArrayList<>())
                        .add(section);
            }
        }
    }

    static ElfFile read(byte[] bytes) {
        ElfBytes file = ElfBytes.of("the ELF header", bytes);
        checkKind(file);
        List<ElfSection> sections = readSections(file);
        Optional<ElfSection> table = single(sections, ElfSection.SYMTAB);
        if (table.isEmpty()) {
            throw new ElfFormatException(
                    ElfProblem.DAMAGED, "", "there is no symbol table", "do not strip the object, or compile it again");
        }
        ElfBytes names = section(sections, table.get().link(), "the symbol table's names")
                .bytes();
        return new ElfFile(sections, names, readSymbols(table.get()));
    }

    private static void checkKind(ElfBytes file) {
        if (file.size() < 4 || file.i32(0) != 0x464c457f) {
            throw new ElfFormatException(
                    ElfProblem.NOT_ELF, "", "the first bytes are not 7f 45 4c 46", "give an object made by clang");
        }
        if (file.size() < HEADER_SIZE) {
            throw ElfFormatException.damaged("", "the file has " + file.size() + " bytes, its header needs 64");
        }
        int order = file.u8(5);
        if (order != LITTLE_ENDIAN) {
            throw wrongKind(
                    order == 2 ? "the object is big-endian" : "the byte order " + order + " does not exist",
                    "compile with -target bpfel (or bpf on a little-endian machine)");
        }
        if (file.u8(4) != CLASS_64) {
            throw wrongKind("the object is not 64-bit", "compile with -target bpf");
        }
        int machine = file.u16(18);
        if (machine != MACHINE_BPF) {
            throw wrongKind(
                    "the object is for machine " + machine + ", BPF is " + MACHINE_BPF, "compile with -target bpf");
        }
        int type = file.u16(16);
        if (type != RELOCATABLE) {
            throw wrongKind("the object is of type " + type + ", not relocatable", "compile with -c");
        }
    }

    private static ElfFormatException wrongKind(String detail, String remedy) {
        return new ElfFormatException(ElfProblem.WRONG_KIND, "", detail, remedy);
    }

    private static List<ElfSection> readSections(ElfBytes file) {
        long table = file.i64(40);
        int entrySize = file.u16(58);
        int count = file.u16(60);
        int namesIndex = file.u16(62);
        if (entrySize != SECTION_HEADER_SIZE) {
            throw ElfFormatException.damaged("", "section headers have " + entrySize + " bytes, not 64");
        }
        ElfBytes headers = file.slice("the section table", table, (long) count * SECTION_HEADER_SIZE);
        if (namesIndex >= count) {
            throw ElfFormatException.damaged("", "section " + namesIndex + " has the names, of " + count);
        }
        ElfBytes names = content(file, headers, namesIndex, "the section names");
        checkApart(headers, count);
        List<ElfSection> sections = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sections.add(readSection(file, headers, names, i));
        }
        return sections;
    }

    /** Refuses sections that share bytes; those that lead out of the file are refused when they are read. */
    private static void checkApart(ElfBytes headers, int count) {
        NavigableMap<Long, Long> ends = new TreeMap<>();
        for (int i = 1; i < count; i++) {
            long at = (long) i * SECTION_HEADER_SIZE;
            long start = headers.i64(at + 24);
            long size = headers.i64(at + 32);
            if (headers.i32(at + 4) == ElfSection.NOBITS || size == 0) {
                continue;
            }
            Map.Entry<Long, Long> before = ends.lowerEntry(start + size);
            if (before != null && before.getValue() > start) {
                throw ElfFormatException.damaged(
                        "",
                        "section " + i + " at offset " + Long.toUnsignedString(start) + " shares bytes with another");
            }
            ends.put(start, start + size);
        }
    }

    private static ElfSection readSection(ElfBytes file, ElfBytes headers, ElfBytes names, int index) {
        long at = (long) index * SECTION_HEADER_SIZE;
        String name = index == 0 ? "" : names.text(headers.u32(at));
        return new ElfSection(
                index,
                name,
                headers.i32(at + 4),
                headers.i64(at + 8),
                headers.i64(at + 32),
                headers.i32(at + 40),
                headers.i32(at + 44),
                headers.i64(at + 56),
                index == 0 ? file.slice("", 0, 0) : content(file, headers, index, "section " + name));
    }

    private static ElfBytes content(ElfBytes file, ElfBytes headers, int index, String name) {
        long at = (long) index * SECTION_HEADER_SIZE;
        boolean isEmpty = headers.i32(at + 4) == ElfSection.NOBITS;
        return file.slice(name, isEmpty ? 0 : headers.i64(at + 24), isEmpty ? 0 : headers.i64(at + 32));
    }

    private static List<ElfSymbol> readSymbols(ElfSection table) {
        ElfBytes in = table.bytes();
        checkEntries(table, SYMBOL_SIZE);
        List<ElfSymbol> symbols = new ArrayList<>(in.size() / SYMBOL_SIZE);
        for (int at = 0; at < in.size(); at += SYMBOL_SIZE) {
            int info = in.u8(at + 4L);
            symbols.add(new ElfSymbol(
                    in.i32(at), info & 0xf, info >> 4 == 0, in.u16(at + 6L), in.i64(at + 8L), in.i64(at + 16L)));
        }
        return symbols;
    }

    private static void checkEntries(ElfSection section, int entrySize) {
        if (section.entrySize() != entrySize || section.bytes().size() % entrySize != 0) {
            throw ElfFormatException.damaged(
                    "section " + section.name(),
                    "entries have " + Long.toUnsignedString(section.entrySize()) + " bytes, expected " + entrySize);
        }
    }

    private static Optional<ElfSection> single(List<ElfSection> sections, int type) {
        List<ElfSection> all = sections.stream().filter(s -> s.type() == type).toList();
        if (all.size() > 1) {
            throw ElfFormatException.damaged(
                    "section " + all.get(1).name(), "there are " + all.size() + " sections of type " + type);
        }
        return all.stream().findFirst();
    }

    private static ElfSection section(List<ElfSection> sections, int index, String what) {
        if (index < 1 || index >= sections.size()) {
            throw ElfFormatException.damaged(
                    "", what + " are in section " + Integer.toUnsignedString(index) + ", of " + sections.size());
        }
        return sections.get(index);
    }

    /** All sections; the first is empty and has no meaning. */
    List<ElfSection> sections() {
        return sections;
    }

    /** The section of a name; refuses a second one, since programs could not tell them apart. */
    Optional<ElfSection> section(String name) {
        List<ElfSection> all =
                sections.stream().filter(s -> s.name().equals(name)).toList();
        if (all.size() > 1) {
            throw new ElfFormatException(
                    ElfProblem.SECTION,
                    "section " + name,
                    "there are " + all.size() + " sections of this name",
                    "give each object one section of a name, as clang does");
        }
        return all.stream().findFirst();
    }

    List<ElfSymbol> symbols() {
        return symbols;
    }

    /** The section that defines a symbol; empty when it is undefined or has a reserved index. */
    Optional<ElfSection> sectionOf(ElfSymbol symbol) {
        boolean isDefined = symbol.section() != ElfSymbol.UNDEFINED && symbol.section() < ElfSymbol.FIRST_RESERVED;
        return isDefined ? Optional.of(section(sections, symbol.section(), "symbols")) : Optional.empty();
    }

    /** A symbol's name; that of its section for a section's symbol. */
    String nameOf(ElfSymbol symbol) {
        if (symbol.type() == ElfSymbol.SECTION) {
            return sectionOf(symbol).map(ElfSection::name).orElse("");
        }
        return symbolNames.text(symbol.nameOffset() & 0xffff_ffffL);
    }

    /** The relocations of a section by offset. */
    NavigableMap<Long, ElfRelocation> relocations(ElfSection target) {
        NavigableMap<Long, ElfRelocation> found = new TreeMap<>();
        for (ElfSection section : relocations.getOrDefault(target.index(), List.of())) {
            if (section.type() == ElfSection.RELA) {
                throw new ElfFormatException(
                        ElfProblem.RELOCATION,
                        "section " + section.name(),
                        "relocations with addends (RELA)",
                        "compile with clang -target bpf, which makes REL");
            }
            readRelocations(section, target, found);
        }
        return found;
    }

    private void readRelocations(ElfSection section, ElfSection target, Map<Long, ElfRelocation> into) {
        ElfBytes in = section.bytes();
        checkEntries(section, RELOCATION_SIZE);
        for (int at = 0; at < in.size(); at += RELOCATION_SIZE) {
            long offset = in.i64(at);
            long symbol = in.u32(at + 12L);
            if (offset < 0 || offset >= target.size() || symbol >= symbols.size()) {
                throw ElfFormatException.damaged(
                        section.at(at),
                        "a relocation of offset " + Long.toUnsignedString(offset) + " by symbol " + symbol + ", of "
                                + symbols.size());
            }
            ElfRelocation relocation = new ElfRelocation(offset, in.i32(at + 8L), (int) symbol);
            if (into.put(offset, relocation) != null) {
                throw ElfFormatException.damaged(section.at(at), "two relocations change the same place");
            }
        }
    }
}
