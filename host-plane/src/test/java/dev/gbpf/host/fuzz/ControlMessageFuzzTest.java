package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.host.control.Parameters;
import dev.gbpf.host.control.Request;
import dev.gbpf.host.control.RequestException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests to the daemon, and their parameters as each kind. */
class ControlMessageFuzzTest {
    /** The tree of a document: a value for every two bytes at worst, up to the limit of values. */
    private static final int PER_BYTE = 500;

    static {
        seeds().forEach(ControlMessageFuzzTest::read);
    }

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "{\"version\":1,\"id\":1,\"method\":\"hello\"}",
                        "{\"version\":1,\"id\":2,\"method\":\"policy.swap\",\"params\":{\"a\":\"fifo\",\"b\":true}}",
                        "{\"version\":1,\"id\":3,\"method\":\"x\",\"params\":{\"a\":-7,\"b\":1e9,\"c\":18446744073709551615}}",
                        "{\"version\":1,\"id\":4,\"method\":\"x\",\"params\":{\"a\":\"aGVsbG8=\",\"b\":[[{\"c\":null}]]}}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void message_ofAnyBytes_isReadOrRefused(byte[] bytes) {
        Allocation.within(PER_BYTE, bytes.length, () -> read(bytes));
    }

    private static @Nullable Request read(byte[] bytes) {
        try {
            Request request = Request.read(bytes);
            assertThat(request.id()).isNotNegative();
            for (String name : new String[] {"a", "b", "c"}) {
                readAs(request.parameters(), name);
            }
            return request;
        } catch (RequestException e) {
            assertThat(e.message()).isNotBlank();
            return null;
        }
    }

    private static void readAs(Parameters parameters, String name) {
        Kind[] kinds = {
            parameters::text,
            parameters::optionalText,
            parameters::bytes,
            parameters::flag,
            parameters::value,
            n -> parameters.number(n, -10, 10, 3)
        };
        for (Kind kind : kinds) {
            try {
                assertThat(kind.read(name)).isNotNull();
            } catch (RequestException e) {
                assertThat(e.message()).contains("parameter \"" + name + "\"");
            }
        }
    }

    /** One way to read a parameter. */
    @FunctionalInterface
    private interface Kind {
        Object read(String name) throws RequestException;
    }
}
