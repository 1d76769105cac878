package dev.gbpf.cuda.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.testkit.CLayout;
import java.io.IOException;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java's view of {@code layout.h} is the C compiler's, field by field. */
class LayoutTest {
    private static final List<StructLayout> STRUCTS = List.of(
            CompactTaskLayout.LAYOUT,
            TaskLayout.LAYOUT,
            TenantConfigLayout.LAYOUT,
            HostControlLayout.LAYOUT,
            TenantStatusLayout.LAYOUT,
            HostStatusLayout.LAYOUT,
            MailboxLayout.LAYOUT,
            HostRingLayout.LAYOUT,
            CompletionLayout.LAYOUT,
            CompletionRingLayout.LAYOUT,
            ParamsLayout.LAYOUT,
            PlaneLayout.LAYOUT,
            BoardLayout.LAYOUT,
            AccountLayout.LAYOUT);

    @Test
    void structures_asTheCompilerSeesThem_areJavas(@TempDir Path folder) throws IOException, InterruptedException {
        CLayout.assertSame("device-plane-cuda/src/main/cuda", "gbpf/layout.h", STRUCTS, folder);
    }

    @Test
    void numbers_areThoseOfTheHeader() throws IOException {
        Path header = Path.of(System.getProperty("gbpf.root", ".."), "device-plane-cuda/src/main/cuda/gbpf/layout.h");
        Map<String, Long> defined = new HashMap<>();
        Pattern.compile("(?m)^#define GBPF_(\\w+) (\\d+)\\b")
                .matcher(Files.readString(header))
                .results()
                .forEach(match -> defined.put(match.group(1), Long.valueOf(match.group(2))));
        Map<String, Long> expected = new HashMap<>(Map.of(
                "LAYOUT_VERSION", (long) Limits.LAYOUT_VERSION,
                "LINE", (long) Limits.LINE,
                "MAX_WORKERS", (long) Limits.MAX_WORKERS,
                "MAX_WARPS", (long) Limits.MAX_WARPS,
                "LOCAL_CAPACITY", (long) Limits.LOCAL_CAPACITY,
                "MAX_HOST_RINGS", (long) Limits.MAX_HOST_RINGS,
                "MAX_HOST_MAILBOXES", (long) Limits.MAX_HOST_MAILBOXES,
                "SLOW_TASK_NS", Limits.SLOW_TASK_NS,
                "FUNCTION_COPY", (long) Limits.FUNCTION_COPY,
                "COPY_PIECE", (long) Limits.COPY_PIECE));
        expected.putAll(Map.of(
                "TASK_LANE", (long) TaskFlags.LANE,
                "TASK_WARP", (long) TaskFlags.WARP,
                "TASK_BLOCK", (long) TaskFlags.BLOCK,
                "TASK_KIND", (long) TaskFlags.KIND,
                "TASK_URGENT", (long) TaskFlags.URGENT,
                "TASK_BACKGROUND", (long) TaskFlags.BACKGROUND,
                "TASK_NOTIFY", (long) TaskFlags.NOTIFY,
                "TASK_PURE", (long) TaskFlags.PURE));
        assertThat(defined).containsAllEntriesOf(expected);
    }
}
