package dev.gbpf.host.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.result.RunResult;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The page that describes the JSON of results must name every field. */
class ResultsPageTest {
    @Test
    void page_everyFieldOfTheResult_isDescribed() throws Exception {
        Path root = Path.of(System.getProperty("gbpf.root", ".."));
        String page = Files.readString(root.resolve("docs/results.md"));
        Set<String> fields = new LinkedHashSet<>();
        collect(RunResult.class, fields);
        assertThat(fields).hasSizeGreaterThan(60).contains("latencyCurve", "keptMaps", "low");
        assertThat(fields).allSatisfy(field -> assertThat(page).contains("`" + field + "`"));
        assertThat(page).contains("\"version\" : " + JsonReport.VERSION);
    }

    private static void collect(Type type, Set<String> fields) {
        if (type instanceof ParameterizedType list) {
            collect(list.getActualTypeArguments()[0], fields);
        } else if (type instanceof Class<?> record && record.isRecord()) {
            for (RecordComponent component : record.getRecordComponents()) {
                fields.add(component.getName());
                collect(component.getGenericType(), fields);
            }
        }
    }
}
