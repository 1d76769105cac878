package dev.gbpf.host.cli;

import dev.gbpf.host.bytecode.BytecodeException;
import dev.gbpf.host.bytecode.BytecodeProblem;
import dev.gbpf.host.bytecode.LineReader;
import dev.gbpf.host.bytecode.RawProgram;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers lines with raw programs, one line each, in order. Whatever is wrong with a line is said in its answer, and the next
 * line follows.
 */
final class BytecodeLines {
    private static final int MAX_NESTING = 64;

    private final Session session;
    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LineReader.MAX_BYTES)
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            // The reader reads one value out of many.
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    BytecodeLines(Session session) {
        this.session = session;
    }

    /** A time in microseconds, written without an exponent. */
    static BigDecimal microseconds(long nanos) {
        return BigDecimal.valueOf(nanos, 3);
    }

    /** What is done with a program. */
    @FunctionalInterface
    interface Step {
        /** Adds the fields of the answer. */
        void answer(RawProgram program, ObjectNode answer);
    }

    /**
     * Answers all lines of standard input.
     *
     * @throws CliException when standard input cannot be read
     */
    void answerAll(Step step) {
        LineReader lines = new LineReader(session.console().in());
        PrintStream out = session.out();
        try {
            while (lines.next()) {
                out.append(mapper.writeValueAsString(answer(lines, step))).append('\n');
                // Flushes; when the reader went away nobody waits for the other answers.
                if (out.checkError()) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new CliException(ExitCode.INPUT, "cannot read standard input: " + e.getMessage(), "", e);
        }
    }

    // One line's failure, whatever it is, must not cost the answers to the others.
    private ObjectNode answer(LineReader line, Step step) {
        ObjectNode answer = Session.object();
        answer.putNull("id");
        try {
            RawProgram program = read(line, answer);
            step.answer(program, answer);
        } catch (BytecodeException e) {
            refuse(answer, line, e.problem(), e.text());
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            refuse(answer, line, BytecodeProblem.FAILED, e.toString());
        }
        return answer;
    }

    private static void refuse(ObjectNode answer, LineReader line, BytecodeProblem problem, String message) {
        JsonNode id = answer.get("id");
        answer.removeAll();
        answer.set("id", id);
        answer.put("error", problem.code());
        answer.put("line", line.number());
        answer.put("message", problem.title() + ": " + message);
    }

    private RawProgram read(LineReader line, ObjectNode answer) {
        if (line.isTooLong()) {
            throw new BytecodeException(BytecodeProblem.LINE_TOO_LONG, "more than " + LineReader.MAX_BYTES + " bytes");
        }
        try (JsonParser parser = mapper.createParser(line.bytes(), 0, line.length())) {
            return new RawProgramReader(parser, mapper, answer).read();
        } catch (JacksonException e) {
            throw new BytecodeException(BytecodeProblem.NOT_JSON, e.getOriginalMessage());
        }
    }
}
