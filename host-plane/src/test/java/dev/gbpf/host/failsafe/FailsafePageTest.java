package dev.gbpf.host.failsafe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The table of faults in {@code docs/failsafe.md}, measured in virtual time, so the same on every machine. {@code
 * -Dgbpf.docs.write=true} writes it.
 */
class FailsafePageTest {
    private static final String BEGIN = "<!-- faults: written by FailsafePageTest -->\n";
    private static final String END = "<!-- end of faults -->\n";

    @Test
    void page_hasTheFaultsAsTheyAre() throws IOException {
        Path page = Path.of(System.getProperty("gbpf.root", "..")).resolve("docs/failsafe.md");
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        String table = table();
        if (Boolean.getBoolean("gbpf.docs.write")) {
            Files.writeString(page, text.substring(0, from) + table + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to)).isEqualTo(table);
    }

    private static String table() {
        StringBuilder table = new StringBuilder("""
                | fault | trips as | found after | jobs that waited | all of them served after | policy then |
                |---|---|---:|---:|---:|---|
                """);
        for (Fault fault : Fault.values()) {
            FaultBench.Outcome outcome = FaultBench.outcome(fault);
            table.append("| ").append(fault.what);
            if (outcome.audit().exits.isEmpty()) {
                table.append(" | nothing | | | | ");
            } else {
                table.append(" | `")
                        .append(outcome.audit().exits.getFirst().trip().kind().word())
                        .append("` | ")
                        .append(ms(outcome.detectionNs()))
                        .append(" | ")
                        .append(outcome.audit().waitingAtExit)
                        .append(" | ")
                        .append(ms(outcome.recoveryNs()))
                        .append(" | ");
            }
            table.append(outcome.policyAtEnd()).append(" |\n");
        }
        return table.toString();
    }

    private static String ms(long ns) {
        return BigDecimal.valueOf(Math.round(ns / 1e5), 1).toPlainString() + " ms";
    }
}
