package dev.gbpf.object.elf;

import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.object.DataLayout;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.MapTypes;
import dev.gbpf.object.ObjectLayout;
import dev.gbpf.object.elf.Btf.Kind;
import dev.gbpf.object.elf.Btf.Member;
import dev.gbpf.object.elf.Btf.Variable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code .maps}: maps as BTF describes them. The type of a map's variable is a struct whose members carry numbers in
 * array lengths ({@code int (*max_entries)[64]}) and types in pointers ({@code struct value *value}), which is what the macros
 * {@code __uint} and {@code __type} write.
 */
final class MapSection {
    static final String SECTION = ".maps";

    private static final List<String> KNOWN =
            List.of("type", "key", "value", "key_size", "value_size", "max_entries", "map_flags");

    /** Linux's BPF_F_RB_OVERWRITE. */
    private static final int RING_OVERWRITE = 1 << 19;

    private static final DataLayout POSITION = new DataLayout.Scalar(Integer.BYTES, false);

    private final Btf btf;

    private MapSection(Btf btf) {
        this.btf = btf;
    }

    /**
     * A map of the object.
     *
     * @param keyType number of the key's type, 0 when only its size is known
     * @param valueType number of the value's type, 0 when only its size is known
     */
    record DeclaredMap(MapDefinition definition, int keyType, int valueType) {}

    /** The maps by their offset in the section. */
    static Map<Long, DeclaredMap> read(ElfFile file, @Nullable Btf btf) {
        Optional<ElfSection> section = file.section(SECTION);
        if (section.isEmpty()) {
            return Map.of();
        }
        if (btf == null) {
            throw new ElfFormatException(
                    ElfProblem.BTF,
                    "section " + SECTION,
                    "the object has maps and no type information",
                    "compile with -g");
        }
        Btf.Type variables = btf.dataSection(SECTION)
                .orElseThrow(() -> Btf.bad("the maps of section " + SECTION + " are not described"));
        if (variables.count() > ObjectLayout.MAX_MAPS) {
            throw new ElfFormatException(
                    ElfProblem.LIMIT,
                    "section " + SECTION,
                    "there are " + variables.count() + " maps, the limit is " + ObjectLayout.MAX_MAPS,
                    "put several values into one map");
        }
        Map<String, ElfSymbol> symbols = symbols(file, section.get());
        MapSection reader = new MapSection(btf);
        Map<Long, DeclaredMap> maps = new TreeMap<>(Comparator.naturalOrder());
        for (Variable variable : btf.variables(variables)) {
            Btf.Type declared = btf.type(variable.type());
            if (declared.kind() != Kind.VARIABLE) {
                throw Btf.bad("type " + declared.id() + " in section " + SECTION + " is no variable");
            }
            String name = btf.name(declared);
            if (!ObjectLayout.isName(name)) {
                throw bad(
                        name,
                        "a map's name is 1 to " + ObjectLayout.MAX_NAME_LENGTH + " letters, digits and underscores");
            }
            ElfSymbol symbol = symbols.get(name);
            if (symbol == null) {
                throw bad(name, "there is no symbol of this name");
            }
            if (maps.put(symbol.value(), reader.map(name, declared)) != null) {
                throw bad(name, "another map is at the same place");
            }
        }
        return maps;
    }

    private static Map<String, ElfSymbol> symbols(ElfFile file, ElfSection section) {
        Map<String, ElfSymbol> symbols = new HashMap<>();
        for (ElfSymbol symbol : file.symbols()) {
            if (symbol.section() == section.index() && symbol.type() != ElfSymbol.SECTION) {
                symbols.put(file.nameOf(symbol), symbol);
            }
        }
        return symbols;
    }

    private DeclaredMap map(String name, Btf.Type variable) {
        Btf.Type struct = btf.resolve(variable.sizeOrType());
        if (struct.kind() != Kind.STRUCT) {
            throw bad(name, "it is no struct of __uint and __type members");
        }
        if (struct.count() > KNOWN.size()) {
            throw bad(name, "it has " + struct.count() + " members, gBPF has " + KNOWN.size() + " map attributes");
        }
        Map<String, Member> members = new HashMap<>();
        for (Member member : btf.members(struct)) {
            if (!KNOWN.contains(member.name())) {
                throw bad(
                        name,
                        "gBPF has no map attribute " + member.name()
                                + Suggestion.closest(member.name(), KNOWN)
                                        .map(s -> ", did you mean " + s + "?")
                                        .orElse(""));
            }
            members.put(member.name(), member);
        }
        MapKind kind = kind(name, number(name, members, "type", -1));
        long flags = number(name, members, "map_flags", 0);
        boolean overwrite = kind == MapKind.RINGBUF && flags == RING_OVERWRITE;
        if (flags != 0 && !overwrite) {
            throw bad(name, "map_flags must be 0" + (kind == MapKind.RINGBUF ? " or 0x80000, overwrite" : ""));
        }
        int keyType = pointed(name, members, "key");
        int valueType = pointed(name, members, "value");
        try {
            MapDefinition definition = new MapDefinition(
                    name,
                    kind,
                    size(name, members, "key", keyType, kind.isKeyed() ? -1 : 0),
                    size(name, members, "value", valueType, kind == MapKind.RINGBUF ? 0 : -1),
                    (int) number(name, members, "max_entries", -1));
            definition = overwrite ? definition.overwriting() : definition;
            return new DeclaredMap(typed(definition, keyType, valueType), keyType, valueType);
        } catch (IllegalArgumentException e) {
            throw new ElfFormatException(
                    ElfProblem.MAP,
                    "section " + SECTION,
                    String.valueOf(e.getMessage()),
                    "correct the definition of map " + name,
                    e);
        }
    }

    private MapDefinition typed(MapDefinition map, int keyType, int valueType) {
        if ((map.kind().isKeyed() && keyType == 0) || valueType == 0) {
            return map;
        }
        BtfLayouts layouts = new BtfLayouts(btf);
        DataLayout key = map.kind().isKeyed() ? layouts.layout(keyType, map.keySize()) : POSITION;
        return map.withTypes(new MapTypes(key, layouts.layout(valueType, map.valueSize())));
    }

    private static MapKind kind(String name, long number) {
        return MapKind.byNumber((int) number)
                .orElseThrow(() -> bad(
                        name,
                        "gBPF has no map type " + number + "; it has "
                                + String.join(
                                        ", ",
                                        Arrays.stream(MapKind.values())
                                                .map(k -> k.number() + " (" + k.keyword() + ")")
                                                .toList())));
    }

    /** The number that a member carries as the length of an array that it points to. */
    private long number(String map, Map<String, Member> members, String attribute, long absent) {
        Member member = members.get(attribute);
        if (member == null) {
            if (absent >= 0) {
                return absent;
            }
            throw bad(map, "__uint(" + attribute + ", ...) is missing");
        }
        Btf.Type pointer = btf.resolve(member.type());
        Btf.Type array = pointer.kind() == Kind.POINTER ? btf.resolve(pointer.sizeOrType()) : pointer;
        if (pointer.kind() != Kind.POINTER || array.kind() != Kind.ARRAY) {
            throw bad(map, attribute + " is not written as __uint(" + attribute + ", number)");
        }
        long value = btf.elements(array);
        if (value > Integer.MAX_VALUE) {
            throw bad(map, attribute + "=" + value + " is too large");
        }
        return value;
    }

    /** The type that a member points to, or 0 when the member is absent. */
    private int pointed(String map, Map<String, Member> members, String attribute) {
        Member member = members.get(attribute);
        if (member == null) {
            return 0;
        }
        Btf.Type pointer = btf.resolve(member.type());
        if (pointer.kind() != Kind.POINTER || pointer.sizeOrType() == 0) {
            throw bad(map, attribute + " is not written as __type(" + attribute + ", type)");
        }
        return pointer.sizeOrType();
    }

    private int size(String map, Map<String, Member> members, String what, int type, int absent) {
        String attribute = what + "_size";
        if (type == 0) {
            return (int) number(map, members, attribute, absent);
        }
        long size = btf.sizeOf(type, "the " + what + " of map " + map);
        if (members.containsKey(attribute) && number(map, members, attribute, -1) != size) {
            throw bad(map, attribute + " is not the size of its type, " + size);
        }
        return (int) size;
    }

    private static ElfFormatException bad(String map, String detail) {
        return new ElfFormatException(
                ElfProblem.MAP,
                "section " + SECTION,
                "map " + map + ": " + detail,
                "define it with __uint and __type as gbpf.h describes");
    }
}
