package dev.gbpf.object;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.InstructionArbitraries;
import dev.gbpf.isa.Program;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary policy objects that the format can hold; their programs are any encodable instructions. */
public final class PolicyObjectArbitraries {
    private PolicyObjectArbitraries() {}

    public static Arbitrary<PolicyObject> objects() {
        return Combinators.combine(names(), maps(), programs(), sources().injectNull(0.3))
                .as((name, maps, programs, source) ->
                        new PolicyObject(name, AbiVersion.CURRENT, maps, programs, source));
    }

    public static Arbitrary<String> names() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withCharRange('0', '9')
                .withChars('_')
                .ofMinLength(1)
                .ofMaxLength(ObjectLayout.MAX_NAME_LENGTH);
    }

    private static Arbitrary<List<MapDefinition>> maps() {
        return Combinators.combine(
                        names(),
                        Arbitraries.of(MapKind.class),
                        Arbitraries.integers().between(1, MapDefinition.MAX_KEY_SIZE),
                        Arbitraries.integers().between(1, MapDefinition.MAX_VALUE_SIZE),
                        Arbitraries.integers().between(1, MapDefinition.MAX_ENTRIES))
                .as((name, kind, key, value, entries) -> new MapDefinition(
                        name,
                        kind,
                        kind.isIndexed() ? 4 : kind.isKeyed() ? key : 0,
                        valueSize(kind, value),
                        switch (kind) {
                            case RINGBUF -> Math.max(entries / 8 * 8, MapDefinition.MIN_RING);
                            case SNAPSHOT, COUNTERS ->
                                (int) Math.min(
                                        entries,
                                        MapDefinition.maxBytes(kind) / ((valueSize(kind, value) + 7) / 8 * 8L));
                            default -> entries;
                        }))
                .flatMap(PolicyObjectArbitraries::withData)
                .flatMap(PolicyObjectArbitraries::withTypes)
                .list()
                .uniqueElements(MapDefinition::name)
                .ofMaxSize(6);
    }

    private static int valueSize(MapKind kind, int any) {
        return kind == MapKind.COUNTERS ? Math.min((any + 7) / 8 * 8, MapDefinition.MAX_COUNTERS / 2) : any;
    }

    /** An array may be read-only and have contents, a ring buffer may overwrite. */
    private static Arbitrary<MapDefinition> withData(MapDefinition map) {
        if (map.kind() == MapKind.RINGBUF) {
            return Arbitraries.of(map, map.overwriting());
        }
        if (map.kind() != MapKind.ARRAY) {
            return Arbitraries.just(map);
        }
        Arbitrary<byte[]> contents = Arbitraries.bytes().array(byte[].class).ofMaxSize(Math.min(map.valueSize(), 20));
        return Combinators.combine(Arbitraries.of(true, false), contents.optional(0.5))
                .as((readOnly, bytes) -> {
                    MapDefinition filled = bytes.map(b -> map.withInitial(InitialContents.of(b)))
                            .orElse(map);
                    return readOnly ? filled.asReadOnly() : filled;
                });
    }

    private static Arbitrary<MapDefinition> withTypes(MapDefinition map) {
        return Combinators.combine(
                        layouts(map.kind().isKeyed() ? map.keySize() : Integer.BYTES, 2),
                        layouts(map.valueSize(), 3),
                        Arbitraries.of(true, true, false))
                .as((key, value, typed) -> typed ? map.withTypes(new MapTypes(key, value)) : map);
    }

    /** Any layout of a size. */
    public static Arbitrary<DataLayout> layouts(int size, int depth) {
        Arbitrary<DataLayout> bytes = Arbitraries.just(new DataLayout.Bytes(size));
        boolean number = size <= 8 && Integer.bitCount(size) == 1;
        Arbitrary<DataLayout> flat = number
                ? Arbitraries.oneOf(
                        bytes, Arbitraries.of(true, false).map(signed -> new DataLayout.Scalar(size, signed)))
                : bytes;
        if (depth == 0 || size > DataLayout.MAX_STRUCT_SIZE) {
            return flat;
        }
        return Arbitraries.oneOf(flat, structs(size, depth));
    }

    private static Arbitrary<DataLayout> structs(int size, int depth) {
        Arbitrary<Integer> cut = Arbitraries.integers().between(1, size);
        return Combinators.combine(
                        names(), cut, cut.tuple2(), names().list().ofSize(2).uniqueElements())
                .flatAs((name, first, second, fieldNames) -> {
                    int start = Math.max(first, Math.min(second.get1(), size - 1));
                    int length = Math.min(second.get2(), size - start);
                    return Combinators.combine(layouts(first, depth - 1), layouts(Math.max(1, length), depth - 1))
                            .as((a, b) -> new DataLayout.Struct(
                                    name,
                                    size,
                                    length < 1
                                            ? List.of(new DataLayout.Field(fieldNames.get(0), 0, a))
                                            : List.of(
                                                    new DataLayout.Field(fieldNames.get(0), 0, a),
                                                    new DataLayout.Field(fieldNames.get(1), start, b))));
                });
    }

    private static Arbitrary<List<ProgramObject>> programs() {
        Arbitrary<ProgramObject> program = Combinators.combine(
                        Arbitraries.of(Hook.class), InstructionArbitraries.programs(12), lineSeeds())
                .as((hook, code, seeds) -> new ProgramObject(hook, code, lines(code, seeds)));
        return program.list().uniqueElements(ProgramObject::hook).ofMaxSize(Hook.values().length);
    }

    private static Arbitrary<List<Integer>> lineSeeds() {
        return Arbitraries.integers().between(0, Integer.MAX_VALUE).list().ofMaxSize(6);
    }

    /** Line entries at the first instructions, with lines and columns made of the seeds. */
    private static List<LineInfo> lines(Program code, List<Integer> seeds) {
        List<LineInfo> lines = new ArrayList<>();
        for (int i = 0; i < Math.min(code.size(), seeds.size()); i++) {
            int seed = seeds.get(i);
            lines.add(new LineInfo(code.pcOf(i), Math.max(1, seed), 1 + seed % 200, 1 + seed % 7));
        }
        return lines;
    }

    private static Arbitrary<SourceFile> sources() {
        Arbitrary<List<SourceFile>> imports = texts().list().ofMaxSize(3);
        return Combinators.combine(texts(), imports)
                .as((source, others) -> new SourceFile(source.name(), source.text(), others));
    }

    private static Arbitrary<SourceFile> texts() {
        return Combinators.combine(
                        Arbitraries.strings().all().ofMaxLength(20),
                        Arbitraries.strings().all().ofMaxLength(200))
                .as((name, text) -> new SourceFile(wellFormed(name), wellFormed(text)));
    }

    /** Text without unpaired surrogates, which have no UTF-8 form. */
    private static String wellFormed(String text) {
        return text.codePoints()
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
