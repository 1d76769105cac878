package dev.gbpf.host.cli;

/** Small policies for tests. */
final class Policies {
    /** Compiles and is accepted. */
    static final String GOOD = """
            policy good;

            hook on_dispatch(ctx) {
                return IDLE;
            }
            """;

    /** Has a loop, and is accepted. */
    static final String LOOP = """
            policy looping;

            hook on_tick(ctx) {
                for i in 0..ctx.vslices {
                    kick(i);
                }
            }
            """;

    /** Compiles with a warning and is accepted. */
    static final String WARNED = """
            policy warned;

            const UNUSED = 1;

            hook on_dispatch(ctx) {
                return IDLE;
            }
            """;

    /** Does not compile: line 4, column 12. */
    static final String WRONG = """
            policy wrong;

            hook on_dispatch(ctx) {
                return nothing;
            }
            """;

    /** Compiles; the verifier cannot prove the verdict's range. */
    static final String UNSAFE = """
            policy unsafe;

            hook on_dispatch(ctx) {
                return ctx.now_ns;
            }
            """;

    private Policies() {}
}
