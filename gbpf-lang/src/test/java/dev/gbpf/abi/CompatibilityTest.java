package dev.gbpf.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What earlier interface versions promised to objects still holds. */
class CompatibilityTest {
    private static final String COMMAND =
            "mvn -q -pl gbpf-lang -am test -Dtest=CompatibilityTest -Dgbpf.regenerate=true"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";
    private static final Path FOLDER = Path.of(
            System.getProperty("gbpf.root", ".."), "gbpf-lang", "src", "test", "resources", "dev", "gbpf", "abi");

    @Test
    void interface_ofThisVersion_isRecorded() throws IOException {
        Path file = FOLDER.resolve(AbiVersion.CURRENT + ".txt");
        if (Boolean.getBoolean("gbpf.regenerate")) {
            Files.write(file, SchemaSnapshot.lines());
        }
        assertThat(Files.readAllLines(file))
                .as("%s is the interface; record an addition with: %s", file, COMMAND)
                .isEqualTo(SchemaSnapshot.lines());
    }

    @Test
    void interface_ofEachEarlierMinor_isKept() throws IOException {
        List<Path> records;
        try (Stream<Path> files = Files.list(FOLDER)) {
            records = files.filter(f -> f.getFileName().toString().startsWith(AbiVersion.CURRENT.major() + "."))
                    .sorted()
                    .toList();
        }
        assertThat(records).hasSize(AbiVersion.CURRENT.minor() + 1);
        for (Path record : records) {
            assertThat(SchemaSnapshot.incompatibilities(Files.readAllLines(record), SchemaSnapshot.lines()))
                    .as(
                            "what objects of interface %s relied on; an incompatible change needs a new major version",
                            record)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // an addition, and what gives more or promises more
                "-, constant NEW value=1, 0",
                "call on_tick.kick, call on_tick.kick, 0",
                "hook h id=1 budget=10 size=8, hook h id=1 budget=11 size=16, 0",
                "hook h verdicts=0..2, hook h verdicts=-1..3, 0",
                "field h.f range=0..18446744073709551615, field h.f range=1..9223372036854775808, 0",
                "field h.f access=read, field h.f access=write, 0",
                "hook h lanes=own flow=uniform division=32 stack=8, hook h lanes=same flow=any division=64 stack=16, 0",
                "helper m range=-4095..0, helper m range=-1..0, 0",
                // what takes away or promises less
                "call on_tick.kick, -, 1",
                "hook h id=1 budget=10 size=8, hook h id=2 budget=9 size=4, 3",
                "hook h verdicts=0..2 default=0, hook h verdicts=0..1 default=1, 2",
                "verdict h.OK value=0, verdict h.OK value=1, 1",
                "field h.f offset=8 bytes=4, field h.f offset=16 bytes=8, 2",
                "field h.f range=0..9223372036854775807, field h.f range=0..18446744073709551615, 1",
                "field h.f range=1..5, field h.f range=0..5, 1",
                "field h.f access=write, field h.f access=read, 1",
                "field h.f lanes=same, field h.f lanes=own, 1",
                "hook h flow=any division=64 stack=16, hook h flow=uniform division=32 stack=8, 3",
                "helper m id=1 range=0..1, helper m id=2 range=-1..1, 2",
                "helper m arguments=a:SCALAR, helper m arguments=a:MAP, 1",
                "constant C value=1, constant C value=2, 1",
                "map hash number=1, map hash number=3, 1"
            })
    void change_ofALine_isJudged(String older, String newer, int complaints) {
        assertThat(SchemaSnapshot.incompatibilities(lines(older), lines(newer))).hasSize(complaints);
    }

    private static List<String> lines(String line) {
        return Stream.ofNullable(line).toList();
    }
}
