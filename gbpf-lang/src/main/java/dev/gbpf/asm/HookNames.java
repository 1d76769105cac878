package dev.gbpf.asm;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The words that stand for numbers in a policy: the constants of the interface, and in the program of a hook its verdicts and
 * the offsets of the fields of its context, {@code ctx.tenant}.
 */
final class HookNames implements Names {
    private static final String CONTEXT = "ctx.";

    private final @Nullable Hook hook;
    private final MapTable maps;

    /** The words of a hook, or those outside of hooks. */
    HookNames(@Nullable Hook hook, MapTable maps) {
        this.hook = hook;
        this.maps = maps;
    }

    @Override
    public @Nullable Long number(String word) {
        if (hook == null) {
            return Constants.byName(word).map(NamedValue::value).orElse(null);
        }
        if (word.startsWith(CONTEXT)) {
            Optional<ContextField> field = hook.context().field(word.substring(CONTEXT.length()));
            return field.isPresent() ? Long.valueOf(field.get().offset()) : null;
        }
        return hook.verdict()
                .named(word)
                .or(() -> Constants.byName(word))
                .map(NamedValue::value)
                .orElse(null);
    }

    @Override
    public @Nullable Integer map(String word) {
        return maps.index(word);
    }

    @Override
    public Collection<String> numbers() {
        List<String> names = new ArrayList<>();
        if (hook != null) {
            hook.context().fields().forEach(f -> names.add(CONTEXT + f.name()));
            hook.verdict().names().forEach(v -> names.add(v.name()));
        }
        Constants.all().forEach(c -> names.add(c.name()));
        return names;
    }

    @Override
    public Collection<String> maps() {
        return maps.names();
    }
}
