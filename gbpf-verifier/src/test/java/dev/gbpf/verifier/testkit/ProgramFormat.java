package dev.gbpf.verifier.testkit;

import dev.gbpf.isa.Program;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.SampleReportingFormat;

/** Shows programs in jqwik's reports of failed properties as assembly. */
public final class ProgramFormat implements SampleReportingFormat {
    @Override
    public boolean appliesTo(Object value) {
        return value instanceof Program;
    }

    @Override
    public Object report(Object value) {
        return List.of(ProgramText.of((Program) value).split("\n"));
    }

    @Override
    public Optional<String> label(Object value) {
        return Optional.of("program ");
    }
}
