package dev.gbpf.lang.sema;

import dev.gbpf.abi.Hook;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the analysis stands: in which hook or function, with which names in sight. */
final class Environment {
    private final @Nullable Hook hook;
    private final @Nullable BoundFunction function;
    private final Calls calls;
    private final Set<String> declaredLater;
    private Scope scope;

    private Environment(
            @Nullable Hook hook,
            @Nullable BoundFunction function,
            Calls calls,
            Scope scope,
            Set<String> declaredLater) {
        this.hook = hook;
        this.function = function;
        this.calls = calls;
        this.scope = scope;
        this.declaredLater = declaredLater;
    }

    /**
     * In a declaration at the top level.
     *
     * @param scope the names of the policy
     * @param declaredLater names of the policy that are not in sight yet; the set may change
     */
    static Environment atTopLevel(Scope scope, Set<String> declaredLater) {
        return new Environment(null, null, new Calls(), scope, declaredLater);
    }

    /** In a hook. */
    static Environment inHook(Hook hook, Scope scope) {
        return new Environment(hook, null, new Calls(), scope, Set.of());
    }

    /** In a function, which may be called from any hook. */
    static Environment inFunction(BoundFunction function, Scope scope) {
        return new Environment(null, function, function.calls(), scope, Set.of());
    }

    /** The hook, or null in a function and in a declaration at the top level. */
    @Nullable
    Hook hook() {
        return hook;
    }

    /** The function, or null outside one. */
    @Nullable
    BoundFunction function() {
        return function;
    }

    /** Whether statements can stand here, so that something runs. */
    boolean runs() {
        return hook != null || function != null;
    }

    /** What is called here. */
    Calls calls() {
        return calls;
    }

    Scope scope() {
        return scope;
    }

    /** Whether the policy declares this name further down. */
    boolean isDeclaredLater(String name) {
        return declaredLater.contains(name);
    }

    /** Opens a scope inside the present one. */
    void enter() {
        scope = new Scope(scope);
    }

    /** Goes back to {@code outer}, which {@link #scope} gave before the matching {@link #enter}. */
    void leave(Scope outer) {
        scope = outer;
    }
}
