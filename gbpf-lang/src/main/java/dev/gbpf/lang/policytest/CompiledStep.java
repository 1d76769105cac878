package dev.gbpf.lang.policytest;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;

/** One step of a test. Where values are said to be in elements, those of the array of values are meant. */
public sealed interface CompiledStep {

    /** What runs first. */
    CodeFragment code();

    SourceSpan span();

    /** The fragment does all of it: it sets entries of maps, calls helpers, or gives a variable its value. */
    record Run(CodeFragment code, SourceSpan span) implements CompiledStep {}

    /** The clock goes to the time in the first operand, ns. */
    record At(CodeFragment code, SourceSpan span) implements CompiledStep {}

    /** The next random numbers are the first {@code count} operands. */
    record Randoms(CodeFragment code, int count, SourceSpan span) implements CompiledStep {}

    /**
     * These jobs wait in a dispatch queue, and no others.
     *
     * @param dsq the queue's number
     */
    record Queue(CodeFragment code, Value dsq, List<Job> jobs, SourceSpan span) implements CompiledStep {
        public Queue {
            jobs = List.copyOf(jobs);
        }
    }

    /** A job, described by fields of the context of {@code on_submit} and {@code vtime}. */
    record Job(List<Input> inputs, SourceSpan span) {
        public Job {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * A hook is asked.
     *
     * @param inputs fields of the context that the test sets
     * @param result the element for the verdict
     * @param outputs elements for the fields that the hook may write
     */
    record Invoke(CodeFragment code, Hook hook, List<Input> inputs, int result, List<Output> outputs, SourceSpan span)
            implements CompiledStep {
        public Invoke {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }
    }

    /** Something must hold. */
    record Expect(CodeFragment code, Check check, SourceSpan span) implements CompiledStep {}

    /**
     * A number that the fragment computes.
     *
     * @param element where it is
     * @param signed whether its 64 bits are a signed number
     * @param span where it is written
     */
    record Value(int element, boolean signed, SourceSpan span) {}

    /** A value for a field of the context, or, in a job, for {@link #VTIME}. */
    record Input(ContextField field, Value value) {}

    /** Where a field goes after the hook has run. */
    record Output(ContextField field, int element) {}

    /** The word for a job's place in a queue that is ordered by vtime. */
    String VTIME = "vtime";
}
