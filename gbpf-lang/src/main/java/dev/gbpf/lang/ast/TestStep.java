package dev.gbpf.lang.ast;

import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link TestBlock} is made of. */
public sealed interface TestStep {

    /** Where it starts: its first line, up to its end or the end of the line. */
    SourceSpan span();

    /** {@code given place = value}, {@code given helper(...)} or {@code given delete entry}: one statement. */
    record Given(Statement statement) implements TestStep {
        @Override
        public SourceSpan span() {
            return statement.span();
        }
    }

    /** {@code given what = [values]} */
    record GivenList(Identifier what, List<Expression> values, SourceSpan span) implements TestStep {
        public GivenList {
            values = List.copyOf(values);
        }
    }

    /** {@code given what number = [jobs]}: the jobs that wait in a dispatch queue. */
    record GivenQueue(Identifier what, Expression number, List<Fields> jobs, SourceSpan span) implements TestStep {
        public GivenQueue {
            jobs = List.copyOf(jobs);
        }
    }

    /** {@code at time;} */
    record At(Expression time, SourceSpan span) implements TestStep {}

    /** {@code let name: type = value;} */
    record Let(Identifier name, @Nullable Identifier type, Expression value, SourceSpan span) implements TestStep {}

    /**
     * {@code let result = hook { fields };}
     *
     * @param result the name of what it returns, or null
     */
    record Invoke(@Nullable Identifier result, Identifier hook, Fields fields, SourceSpan span) implements TestStep {}

    /** {@code expect condition;} */
    record Expect(Expression condition, SourceSpan span) implements TestStep {}

    /** {@code { name: value, ... }} */
    record Fields(List<Field> fields, SourceSpan span) {
        public Fields {
            fields = List.copyOf(fields);
        }
    }

    /** {@code name: value} */
    record Field(Identifier name, Expression value) {}
}
