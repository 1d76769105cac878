package dev.gbpf.lang.sema;

import dev.gbpf.abi.Helper;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the body of a hook or of a function calls, each with the place of the first call. */
final class Calls {
    private final Map<BoundFunction, SourceSpan> functions = new LinkedHashMap<>();
    private final Map<Helper, SourceSpan> helpers = new EnumMap<>(Helper.class);

    void add(BoundFunction function, SourceSpan place) {
        functions.putIfAbsent(function, place);
    }

    void add(Helper helper, SourceSpan place) {
        helpers.putIfAbsent(helper, place);
    }

    /** In order of their first call. */
    Map<BoundFunction, SourceSpan> functions() {
        return Collections.unmodifiableMap(functions);
    }

    Map<Helper, SourceSpan> helpers() {
        return Collections.unmodifiableMap(helpers);
    }
}
