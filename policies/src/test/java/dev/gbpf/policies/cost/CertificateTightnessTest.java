package dev.gbpf.policies.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No search finds inputs on which a hook of the library costs more than its certificate; with {@code -Dgbpf.long=true} it finds
 * some on which it costs at least half.
 */
class CertificateTightnessTest {
    private static final boolean LONG = Boolean.getBoolean("gbpf.long");
    private static final int TRIES = LONG ? 200_000 : 300;

    static Stream<LibraryHook> hooks() {
        return LibraryHook.all();
    }

    @ParameterizedTest
    @MethodSource("hooks")
    void mostThatASearchFinds_isWithinTheCertificate(LibraryHook hook) {
        // A run that executes more than the certificate says is stopped by a fault.
        CostSearch search = hook.search(1);
        long most = search.run(TRIES);
        assertThat(search.mostHelperCalls())
                .isLessThanOrEqualTo(hook.certificate().worstCaseHelperCalls());
        if (LONG) {
            assertThat(2 * most).isGreaterThanOrEqualTo(hook.certificate().worstCaseInstructions());
        }
    }
}
