package dev.gbpf.host.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Results as JSON, and back. It is the stable interface for programs: fields come in the order of the records, times are whole
 * nanoseconds, and the same result gives the same bytes on every machine.
 */
public final class JsonReport {
    /** Changes when a field is taken away or changes its meaning; further fields do not change it. */
    public static final int VERSION = 1;

    private static final String RUN = "gbpf-run";
    private static final String COMPARISON = "gbpf-comparison";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addMixIn(Span.class, AsArray.class)
            .build();

    /** Spans are many: each is an array of its numbers, in the order of the record. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private interface AsArray {}

    private record RunDocument(String format, int version, RunResult run) {}

    private record ComparisonDocument(String format, int version, List<RunResult> runs) {}

    private JsonReport() {}

    /** One result, indented, with a line end at the end. */
    public static String write(RunResult result) {
        return indented(new RunDocument(RUN, VERSION, result));
    }

    /** The results of a comparison, indented, with a line end at the end. */
    public static String write(List<RunResult> results) {
        return indented(new ComparisonDocument(COMPARISON, VERSION, results));
    }

    /** The results in one line, as pages embed them. */
    static String compact(List<RunResult> results) {
        return MAPPER.writeValueAsString(new ComparisonDocument(COMPARISON, VERSION, results));
    }

    /**
     * Reads what {@link #write(RunResult)} wrote.
     *
     * @throws ReportFormatException when it is something else, or of another version
     */
    public static RunResult read(String json) {
        RunDocument document = parse(json, RunDocument.class);
        check(document.format(), RUN, document.version());
        return document.run();
    }

    /**
     * Reads what {@link #write(List)} wrote.
     *
     * @throws ReportFormatException when it is something else, or of another version
     */
    public static List<RunResult> readComparison(String json) {
        ComparisonDocument document = parse(json, ComparisonDocument.class);
        check(document.format(), COMPARISON, document.version());
        return List.copyOf(document.runs());
    }

    private static <T> T parse(String json, Class<T> type) {
        @Nullable T value;
        try {
            value = MAPPER.readValue(json, type);
        } catch (JacksonException e) {
            throw new ReportFormatException("this is no result: " + e.getOriginalMessage(), e);
        }
        if (value == null) {
            throw new ReportFormatException("this is no result: it is empty", null);
        }
        return value;
    }

    private static void check(String format, String expected, int version) {
        if (!expected.equals(format)) {
            throw new ReportFormatException("format=" + format + ", expected " + expected, null);
        }
        if (version != VERSION) {
            throw new ReportFormatException("version=" + version + " of " + format + ", this reads " + VERSION, null);
        }
    }

    private static String indented(Object document) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
        return MAPPER.writer().with(printer).writeValueAsString(document) + "\n";
    }
}
