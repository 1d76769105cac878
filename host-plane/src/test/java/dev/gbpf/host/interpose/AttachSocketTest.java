package dev.gbpf.host.interpose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.interpose.FakeProcess.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class AttachSocketTest {
    @TempDir
    Path folder;

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(fd -> {
                        try {
                            String target = Files.readSymbolicLink(fd).toString();
                            return target.startsWith("socket:") || target.startsWith("/memfd:");
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("/memfd:gbpf")).count();
        }
    }

    @Test
    void socket_isOfTheOwnerAlone_andIsGoneAfterwards() throws Exception {
        Path path;
        try (Lab lab = new Lab(folder)) {
            path = lab.path;
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThat(AttachSocket.isServed(path)).isTrue();
        }
        assertThat(path).doesNotExist();
        assertThat(AttachSocket.isServed(path)).isFalse();
    }

    @Test
    void processes_comeAndGo_andNothingIsLeftOpen() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.attach(ApplicationClass.LATENCY, "chat").close();
            FakeProcess.await("the first to have left", () -> lab.live.clients() == 0);
            long before = descriptors();
            long mapped = mappings();
            for (int i = 0; i < 20; i++) {
                try (FakeProcess process = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
                    assertThat(process.welcome.status()).isEqualTo(WelcomeStatus.OK);
                    assertThat(process.welcome.tenant()).isEqualTo(1);
                    assertThat(process.welcome.client()).isEqualTo(i + 2);
                }
            }
            FakeProcess.await("all to have left", () -> lab.live.clients() == 0);
            assertThat(descriptors()).isEqualTo(before);
            assertThat(mappings()).isEqualTo(mapped);
        }
    }

    @Test
    void tenants_areMadeAsTheyCome() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess a = lab.attach(ApplicationClass.LATENCY, "search");
                FakeProcess b = lab.attach(ApplicationClass.BEST_EFFORT, "search");
                FakeProcess c = lab.attach(ApplicationClass.BEST_EFFORT, "batch")) {
            assertThat(a.welcome.tenant()).isEqualTo(2);
            assertThat(b.welcome.tenant()).isEqualTo(2);
            assertThat(c.welcome.tenant()).isEqualTo(3);
            assertThat(lab.live.tenants())
                    .extracting(t -> t.name() + " " + t.weight() + " " + t.priority())
                    .containsExactly("chat 3 10", "training 1 0", "search 1 10", "batch 1 0");
        }
    }

    @Test
    void tenants_areNotMoreThanThereCanBe() throws Exception {
        try (Lab lab = new Lab(folder)) {
            for (int i = Lab.TENANTS.size(); i < 64; i++) {
                lab.attach(ApplicationClass.BEST_EFFORT, "t" + i).close();
            }
            try (FakeProcess late = lab.attach(ApplicationClass.BEST_EFFORT, "t64")) {
                assertThat(late.welcome.status()).isEqualTo(WelcomeStatus.TENANT);
                assertThat(late.welcome.message()).contains("64 tenants");
            }
        }
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("magic", WelcomeStatus.VERSION, w -> w.magic++),
                wrong("version", WelcomeStatus.VERSION, w -> w.version++),
                wrong("bytes", WelcomeStatus.VERSION, w -> w.bytes += 64),
                wrong("short message", WelcomeStatus.VERSION, w -> w.messageBytes = 40),
                wrong("long message", WelcomeStatus.VERSION, w -> w.messageBytes += 8),
                wrong("no descriptor", WelcomeStatus.SEGMENT, w -> w.descriptors = 0),
                wrong("two descriptors", WelcomeStatus.SEGMENT, w -> w.descriptors = 2),
                wrong("more than there is room for", WelcomeStatus.VERSION, w -> w.descriptors = 100),
                wrong("no seals", WelcomeStatus.SEGMENT, w -> w.seals = 0),
                wrong("may shrink", WelcomeStatus.SEGMENT, w -> w.seals = SystemCalls.F_SEAL_GROW),
                wrong("too small", WelcomeStatus.SEGMENT, w -> w.fileBytes = 4096),
                wrong("too large", WelcomeStatus.SEGMENT, w -> w.fileBytes += 4096));
    }

    private static Arguments wrong(String what, WelcomeStatus status, Consumer<Words> change) {
        return Arguments.of(what, status, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void process_thatSaysSomethingWrong_isToldWhat_andNothingIsLeftOpen(
            String what, WelcomeStatus status, Consumer<Words> change) throws Exception {
        try (Lab lab = new Lab(folder)) {
            long before = descriptors();
            Words words = new Words();
            change.accept(words);
            try (FakeProcess process = FakeProcess.attach(lab.path, words)) {
                assertThat(process.welcome.status()).isEqualTo(status);
                assertThat(process.welcome.message()).isNotEmpty();
            }
            assertThat(lab.log).anyMatch(line -> line.contains("may not attach"));
            FakeProcess.await("its descriptors to be closed", () -> {
                try {
                    return descriptors() == before;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            try (FakeProcess next = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
                assertThat(next.welcome.status()).isEqualTo(WelcomeStatus.OK);
            }
        }
    }
}
