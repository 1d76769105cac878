package dev.gbpf.asm;

import dev.gbpf.abi.MapKind;
import dev.gbpf.asm.Token.Kind;
import dev.gbpf.asm.TokenStream.Range;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.object.InitialContents;
import dev.gbpf.object.MapDefinition;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The maps of a policy in assembly: what {@code .map} and {@code .data} say. */
final class MapTable {
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private static final class Entry {
        private final int index;
        private final MapDefinition definition;
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();

        private Entry(int index, MapDefinition definition) {
            this.index = index;
            this.definition = definition;
        }
    }

    /** The index of a map, or null. */
    @Nullable
    Integer index(String name) {
        Entry entry = entries.get(name);
        return entry == null ? null : Integer.valueOf(entry.index);
    }

    Collection<String> names() {
        return entries.keySet();
    }

    /** The maps in the order in which they were defined. */
    List<MapDefinition> definitions() {
        List<MapDefinition> maps = new ArrayList<>();
        for (Entry entry : entries.values()) {
            maps.add(entry.definition.withInitial(InitialContents.of(entry.data.toByteArray())));
        }
        return maps;
    }

    static AssemblyException unknown(Token name, Collection<String> known) {
        return new AssemblyException(
                AssemblyProblem.MAP,
                name,
                "there is no map " + name.inWords(),
                "no such map",
                Suggestion.closest(name.text(), known)
                        .map(n -> "did you mean '" + n + "'?")
                        .orElse("define it above with '.map'"));
    }

    /** What follows {@code .map}: {@code used hash key=4 value=8 entries=64}, and for an array maybe {@code readonly}. */
    void define(TokenStream in) {
        Token name = PolicyAssembler.name(in, "a map");
        MapKind kind = kind(in);
        int key = size(in, "key");
        int value = size(in, "value");
        int count = size(in, "entries");
        boolean readOnly = in.accept("readonly");
        boolean overwrite = in.accept("overwrite");
        in.expectEnd();
        MapDefinition definition;
        try {
            definition = new MapDefinition(name.text(), kind, key, value, count);
            definition = readOnly ? definition.asReadOnly() : definition;
            definition = overwrite ? definition.overwriting() : definition;
        } catch (IllegalArgumentException e) {
            throw new AssemblyException(
                    AssemblyProblem.MAP, name, String.valueOf(e.getMessage()), "cannot be so", null);
        }
        if (entries.putIfAbsent(name.text(), new Entry(entries.size(), definition)) != null) {
            throw new AssemblyException(
                    AssemblyProblem.MAP,
                    name,
                    "map " + name.inWords() + " is defined twice",
                    "again here",
                    "rename one of them");
        }
    }

    private static MapKind kind(TokenStream in) {
        Token word = in.peek();
        List<String> known = MapKind.keywords();
        MapKind kind = MapKind.byKeyword(word.text())
                .orElseThrow(() -> in.unexpected("a kind of map (" + String.join(", ", known) + ")")
                        .withHelp(Suggestion.closest(word.text(), known)
                                .map(n -> "did you mean '" + n + "'?")
                                .orElse(null)));
        in.take();
        return kind;
    }

    private static int size(TokenStream in, String what) {
        in.expect(what);
        in.expect("=");
        return (int) in.number(Range.COUNT_31, "sizes are in bytes");
    }

    /** What follows {@code .data}: the map, and numbers of one type, {@code table u32 1, 2}, or a text in quotes. */
    void data(TokenStream in) {
        Token name = PolicyAssembler.name(in, "a map");
        Entry entry = entries.get(name.text());
        if (entry == null) {
            throw unknown(name, entries.keySet());
        }
        if (entry.definition.kind() != MapKind.ARRAY) {
            throw new AssemblyException(
                    AssemblyProblem.MAP, name, "only an array can have contents", "not an array", null);
        }
        Token first = in.peek();
        if (first.kind() == Kind.STRING) {
            entry.data.writeBytes(TextLiteral.bytes(in.take()));
        } else {
            numbers(in, entry);
        }
        in.expectEnd();
        if (entry.data.size() > entry.definition.valueSize()) {
            throw new AssemblyException(
                    AssemblyProblem.MAP,
                    name,
                    "the contents of map " + name.inWords() + " have bytes=" + entry.data.size() + ", a value has "
                            + entry.definition.valueSize(),
                    "too much",
                    "make the value of the map larger");
        }
    }

    private static void numbers(TokenStream in, Entry entry) {
        Token type = in.take();
        int width = switch (type.text()) {
            case "u8" -> 1;
            case "u16" -> 2;
            case "u32" -> 4;
            case "u64" -> 8;
            default ->
                throw new AssemblyException(
                        AssemblyProblem.SYNTAX,
                        type,
                        "expected u8, u16, u32, u64 or a text, found " + type.inWords(),
                        "expected a type",
                        "write '.data NAME u32 1, 2'");
        };
        do {
            long value = in.number(Range.ofBytes(width), "take a wider type");
            for (int i = 0; i < width; i++) {
                entry.data.write((int) (value >>> (8 * i)));
            }
        } while (in.accept(","));
    }
}
