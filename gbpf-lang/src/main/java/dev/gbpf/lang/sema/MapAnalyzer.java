package dev.gbpf.lang.sema;

import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Declaration;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.module.Module;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.MapTypes;
import dev.gbpf.object.ObjectLayout;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks declarations of maps. */
final class MapAnalyzer {
    /** Bytes of values in one map; the plane allows 1 GiB with everything. */
    private static final long MAX_BYTES = 1L << 30;
    /** Bytes before a record of a ring buffer, and what its size is rounded up to. */
    private static final int RECORD_HEADER = 8;

    private final ExpressionAnalyzer expressions;
    private final StructAnalyzer structs;
    private final Reporter reporter;

    MapAnalyzer(ExpressionAnalyzer expressions, StructAnalyzer structs, Reporter reporter) {
        this.expressions = expressions;
        this.structs = structs;
        this.reporter = reporter;
    }

    /**
     * The map's schema; null after a complaint.
     *
     * @param module the file that declares it; its name goes before that of the map unless it is the policy itself
     * @param earlier the maps before it in the object's table
     */
    @Nullable
    MapSchema schema(Declaration.Map map, Module module, List<MapSchema> earlier) {
        MapKind kind = kind(map.kind());
        int capacity = capacity(map);
        if (kind == null) {
            return null;
        }
        if (!hasTypes(map, kind)) {
            return null;
        }
        boolean hasKeys = takesKeys(kind);
        StorageType key = hasKeys ? key(map) : StorageType.U32;
        DataType value = structs.dataType(map.types().getLast());
        if (key == null || value == null || capacity == 0 || !fits(map, kind, value, capacity)) {
            return null;
        }
        String name = name(map.name(), module, earlier);
        MapDefinition definition =
                new MapDefinition(name, kind, kind.isKeyed() ? key.size() : 0, value.size(), capacity);
        MapTypes objectTypes = new MapTypes(key.layout(), value.layout());
        return new MapSchema(earlier.size(), definition.withTypes(objectTypes), key, value);
    }

    /** What the plane calls a map: one of a module has the name of the module before its own. */
    private String name(Identifier map, Module module, List<MapSchema> earlier) {
        String name = module.isMain() ? map.name() : module.unit().name().name() + "_" + map.name();
        if (name.length() > ObjectLayout.MAX_NAME_LENGTH) {
            reporter.message(ErrorCode.NAME_TOO_LONG, map.span(), "the map is called `" + name + "` in the object")
                    .label("at most " + ObjectLayout.MAX_NAME_LENGTH + " characters are allowed")
                    .help("shorten the name of the map or of the module")
                    .report();
        }
        boolean inThisFile = expressions.environment().scope().own().containsKey(map.name());
        if (!inThisFile && earlier.stream().anyMatch(m -> m.definition().name().equals(name))) {
            reporter.message(ErrorCode.DUPLICATE_NAME, map.span(), "another map is called `" + name + "` in the object")
                    .label("declared again here")
                    .note("a map of a module has the module's name and `_` before its own")
                    .help("choose another name")
                    .report();
        }
        return name;
    }

    private @Nullable MapKind kind(Identifier name) {
        Optional<MapKind> kind = MapKind.byKeyword(name.name());
        if (kind.isEmpty()) {
            List<String> known = MapKind.keywords();
            reporter.message(ErrorCode.UNKNOWN_MAP_KIND, name.span(), "there is no map kind `" + name.name() + "`")
                    .label("expected " + String.join(" or ", known))
                    .help(reporter.didYouMean(name.name(), () -> known))
                    .report();
        }
        return kind.orElse(null);
    }

    /** Whether there are as many types as the kind asks for; complains when not. */
    private boolean hasTypes(Declaration.Map map, MapKind kind) {
        int expected = takesKeys(kind) ? 2 : 1;
        if (map.types().size() != expected) {
            String form = kind.keyword() + (takesKeys(kind) ? "<key, value>" : "<value>");
            reporter.message(
                            ErrorCode.MAP_TYPES,
                            map.types().getLast().span(),
                            kind.keyword() + " takes " + (expected == 1 ? "one type" : "two types") + ", found "
                                    + map.types().size())
                    .label("expected `" + form + "`")
                    .note(
                            kind.isIndexed()
                                    ? "the index of an array is always a u32"
                                    : kind.isKeyed() ? "the key comes first" : "its values have no keys")
                    .report();
            return false;
        }
        return true;
    }

    /** Whether the keys of a kind have a type of their own. */
    private static boolean takesKeys(MapKind kind) {
        return kind.isKeyed() && !kind.isIndexed();
    }

    private @Nullable StorageType key(Declaration.Map map) {
        Identifier name = map.types().getFirst();
        DataType type = structs.dataType(name);
        if (type instanceof StructType) {
            reporter.message(
                            ErrorCode.STRUCT_NOT_A_NUMBER,
                            name.span(),
                            "the key of `" + map.name().name() + "` must be a number")
                    .label("`" + name.name() + "` is a struct")
                    .help("make one number of the fields: `a << 32 | b`")
                    .report();
            return null;
        }
        return (StorageType) type;
    }

    /** Whether the values take no more memory than a plane gives one map; complains when they do. */
    private boolean fits(Declaration.Map map, MapKind kind, DataType value, int capacity) {
        if (kind == MapKind.RINGBUF) {
            return holdsTwo(map, value, capacity);
        }
        if (kind == MapKind.COUNTERS && !isCounted(map, value)) {
            return false;
        }
        if (MapDefinition.maxBytes(kind) < MAX_BYTES) {
            return isSmall(map, kind, value, capacity);
        }
        long bytes = (long) capacity * value.size();
        if (bytes <= MAX_BYTES) {
            return true;
        }
        reporter.message(
                        ErrorCode.MAP_CAPACITY,
                        map.capacity().span(),
                        "`" + map.name().name() + "` would take " + (bytes >> 20) + " MiB")
                .label("at most " + (MAX_BYTES / value.size()) + " values of " + value.size() + " bytes fit in 1 GiB")
                .report();
        return false;
    }

    /** Whether all numbers of a value have 64 bits, so that they can be added to; complains when not. */
    private boolean isCounted(Declaration.Map map, DataType value) {
        if (value.slots().stream().allMatch(slot -> slot.type().size() == Long.BYTES)) {
            return true;
        }
        Identifier type = map.types().getLast();
        reporter.message(
                        ErrorCode.COUNTER_TYPE,
                        type.span(),
                        "counters have 64 bits, `" + type.name() + "` "
                                + (value instanceof StructType ? "has others" : "has not"))
                .label("expected `u64`, `i64` or a struct of these")
                .help("declare the numbers as `u64`")
                .report();
        return false;
    }

    /** Whether a map that is copied or read as a whole stays within its bound; complains when not. */
    private boolean isSmall(Declaration.Map map, MapKind kind, DataType value, int capacity) {
        long stride = (value.size() + 7L) / 8 * 8;
        long most = MapDefinition.maxBytes(kind);
        if (stride * capacity <= most) {
            return true;
        }
        reporter.message(
                        ErrorCode.MAP_CAPACITY,
                        map.capacity().span(),
                        "`" + map.name().name() + "` would take " + stride * capacity + " bytes")
                .label("at most " + most / stride + " values of " + value.size() + " bytes")
                .note("a " + kind.keyword() + " map has " + most
                        + " bytes at most, for it goes between host and device as a whole")
                .report();
        return false;
    }

    /** Whether a ring of so many bytes has room for two records, so that one always fits into an empty one; complains when not. */
    private boolean holdsTwo(Declaration.Map map, DataType value, int bytes) {
        int record = RECORD_HEADER + (value.size() + RECORD_HEADER - 1) / RECORD_HEADER * RECORD_HEADER;
        if (bytes % RECORD_HEADER == 0 && bytes >= 2 * record) {
            return true;
        }
        reporter.message(
                        ErrorCode.MAP_CAPACITY,
                        map.capacity().span(),
                        "the capacity of the ring buffer `" + map.name().name() + "` is " + bytes + " bytes")
                .label("expected a multiple of " + RECORD_HEADER + ", " + 2 * record + " at least")
                .note("a record of " + value.size() + " bytes takes " + record
                        + " with its header, and at most half of the ring")
                .help("write, for example, `[64KiB]`")
                .report();
        return false;
    }

    /** The greatest number of entries; 0 after a complaint. */
    private int capacity(Declaration.Map map) {
        String what = "the capacity of `" + map.name().name() + "`";
        Operand operand = expressions.constant(map.capacity(), what);
        BoundExpression value = expressions.conversions().require(operand, Type.U64, what);
        if (!(value instanceof BoundExpression.Constant(Type type, long entries, SourceSpan span))
                || type == Type.ERROR) {
            return 0;
        }
        if (entries < 1 || entries > MapDefinition.MAX_ENTRIES) {
            reporter.message(
                            ErrorCode.MAP_CAPACITY,
                            span,
                            what + " is " + Long.toUnsignedString(entries) + ", out of range")
                    .label("expected 1 to " + MapDefinition.MAX_ENTRIES)
                    .report();
            return 0;
        }
        return (int) entries;
    }
}
