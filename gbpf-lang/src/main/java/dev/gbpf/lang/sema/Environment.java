package dev.gbpf.lang.sema;

import dev.gbpf.abi.Hook;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the analysis stands: in which hook, with which names in sight. */
final class Environment {
    private final @Nullable Hook hook;
    private final Set<String> declaredLater;
    private Scope scope;

    /**
     * @param hook the hook, or null at the top level
     * @param scope the names of the policy
     * @param declaredLater names of the policy that are not in sight yet; the set may change
     */
    Environment(@Nullable Hook hook, Scope scope, Set<String> declaredLater) {
        this.hook = hook;
        this.scope = scope;
        this.declaredLater = declaredLater;
    }

    /** The hook, or null in a declaration at the top level. */
    @Nullable
    Hook hook() {
        return hook;
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
