package dev.gbpf.lang.sema;

import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Declaration;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.object.MapDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks declarations of maps. */
final class MapAnalyzer {
    private final ExpressionAnalyzer expressions;
    private final Reporter reporter;

    MapAnalyzer(ExpressionAnalyzer expressions, Reporter reporter) {
        this.expressions = expressions;
        this.reporter = reporter;
    }

    /** The map's schema; null after a complaint. */
    @Nullable
    MapSchema schema(Declaration.Map map, int index) {
        MapKind kind = kind(map.kind());
        int capacity = capacity(map);
        if (kind == null) {
            return null;
        }
        List<StorageType> types = types(map, kind);
        if (types.isEmpty() || capacity == 0) {
            return null;
        }
        StorageType key = kind == MapKind.ARRAY ? StorageType.U32 : types.getFirst();
        StorageType value = types.getLast();
        MapDefinition definition = new MapDefinition(
                map.name().name(), kind, key.width().bytes(), value.width().bytes(), capacity);
        return new MapSchema(index, definition, key, value);
    }

    private @Nullable MapKind kind(Identifier name) {
        Optional<MapKind> kind = Arrays.stream(MapKind.values())
                .filter(k -> k.keyword().equals(name.name()))
                .findFirst();
        if (kind.isEmpty()) {
            List<String> known =
                    Arrays.stream(MapKind.values()).map(MapKind::keyword).toList();
            reporter.message(ErrorCode.UNKNOWN_MAP_KIND, name.span(), "there is no map kind `" + name.name() + "`")
                    .label("expected " + String.join(" or ", known))
                    .help(reporter.didYouMean(name.name(), () -> known))
                    .report();
        }
        return kind.orElse(null);
    }

    /** The storage types in order; empty after a complaint. */
    private List<StorageType> types(Declaration.Map map, MapKind kind) {
        int expected = kind == MapKind.ARRAY ? 1 : 2;
        if (map.types().size() != expected) {
            String form = kind == MapKind.ARRAY ? "array<value>" : kind.keyword() + "<key, value>";
            reporter.message(
                            ErrorCode.MAP_TYPES,
                            map.types().getLast().span(),
                            kind.keyword() + " takes " + (expected == 1 ? "one type" : "two types") + ", found "
                                    + map.types().size())
                    .label("expected `" + form + "`")
                    .note(kind == MapKind.ARRAY ? "the index of an array is always a u32" : "the key comes first")
                    .report();
            return List.of();
        }
        List<Optional<StorageType>> types = map.types().stream().map(this::type).toList();
        return types.stream().allMatch(Optional::isPresent)
                ? types.stream().map(Optional::orElseThrow).toList()
                : List.of();
    }

    private Optional<StorageType> type(Identifier name) {
        Optional<StorageType> type = StorageType.byKeyword(name.name());
        if (type.isEmpty()) {
            reporter.message(
                            ErrorCode.UNKNOWN_TYPE,
                            name.span(),
                            "`" + name.name() + "` is not a type that a map can hold")
                    .label("expected " + String.join(", ", StorageType.keywords()))
                    .help(reporter.didYouMean(name.name(), StorageType::keywords))
                    .report();
        }
        return type;
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
