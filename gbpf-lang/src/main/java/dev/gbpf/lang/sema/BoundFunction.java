package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.module.Module;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of the policy. Each declaration is one object; identity tells them apart. Its signature is known from the start,
 * its body once that was analysed, for functions may call each other in any order.
 */
public final class BoundFunction {
    /** Registers that carry arguments (RFC 9669, section 2.1). */
    public static final int MAX_PARAMETERS = 5;

    private final String name;
    private final List<Variable> parameters;
    private final @Nullable Type result;
    private final SourceSpan span;
    private final SourceSpan end;
    private final Module module;
    private final Calls calls = new Calls();
    private @Nullable BoundBlock body;

    /**
     * @param result the type of what it gives, or null when it gives nothing
     * @param span its name
     * @param end the closing brace
     * @param module the file that declares it
     */
    BoundFunction(
            String name,
            List<Variable> parameters,
            @Nullable Type result,
            SourceSpan span,
            SourceSpan end,
            Module module) {
        this.name = name;
        this.parameters = List.copyOf(parameters);
        this.result = result;
        this.span = span;
        this.end = end;
        this.module = module;
    }

    public String name() {
        return name;
    }

    public List<Variable> parameters() {
        return parameters;
    }

    /** The type of what it gives, or null when it gives nothing. */
    @Nullable
    Type result() {
        return result;
    }

    public boolean givesValue() {
        return result != null;
    }

    /** Its name, where it is declared. */
    public SourceSpan span() {
        return span;
    }

    /** The file that declares it. */
    public Module module() {
        return module;
    }

    /** Where it is declared, in words. */
    String place() {
        String line = "line " + span.line();
        return module.isMain() ? line : line + " of " + module.source().name();
    }

    /** The closing brace. */
    public SourceSpan end() {
        return end;
    }

    /** Its statements; control reaches their end only when it gives nothing. */
    public BoundBlock body() {
        if (body == null) {
            throw new IllegalStateException("function " + name + " has no body yet");
        }
        return body;
    }

    void define(BoundBlock statements) {
        body = statements;
    }

    Calls calls() {
        return calls;
    }

    /** As it is called: {@code name(a, b)}. */
    String signature() {
        return name + "("
                + String.join(", ", parameters.stream().map(Variable::name).toList()) + ")";
    }

    /** As it is declared, without its result: {@code name(a: u64, b: bool)}. */
    String signatureWithTypes() {
        return name + "("
                + String.join(", ", parameters.stream().map(Variable::toString).toList()) + ")";
    }

    @Override
    public String toString() {
        return signature();
    }
}
