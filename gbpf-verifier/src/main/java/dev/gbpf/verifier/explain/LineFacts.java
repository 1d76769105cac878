package dev.gbpf.verifier.explain;

import java.util.List;

/**
 * What the verifier found about one line of a program's source, or about one instruction where the source is not known.
 *
 * @param line of the source, counted through its imports; the pc where the source is not known
 * @param executions how its instructions add up: how many, and how often each is executed at most in one run of the program
 * @param loops for each loop that begins here, how often one run of it goes back, at most
 * @param facts what the line defines or narrows, in words
 */
public record LineFacts(int line, List<Execution> executions, List<Long> loops, List<String> facts) {
    public LineFacts {
        executions = List.copyOf(executions);
        loops = List.copyOf(loops);
        facts = List.copyOf(facts);
    }

    /**
     * Instructions that are executed equally often.
     *
     * @param instructions how many
     * @param times how often at most; saturated like {@link dev.gbpf.verifier.analysis.LoopBound#MANY}
     */
    public record Execution(int instructions, long times) {}

    /** Instructions that are executed on this line in one run of the program, at most; 0 when no execution gets there. */
    public long cost() {
        long sum = 0;
        for (Execution execution : executions) {
            sum = Repetition.sum(sum, Repetition.product(execution.instructions(), execution.times()));
        }
        return sum;
    }
}
