package dev.gbpf.cuda.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.abi.Plane;
import dev.gbpf.testkit.CLayout;
import dev.gbpf.testkit.CLayout.Field;
import dev.gbpf.testkit.CLayout.Struct;
import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java's view of {@code table.h} is the C compiler's. */
class TableLayoutTest {
    private static final List<StructLayout> STRUCTS = List.of(
            TableLayout.MAP,
            TableLayout.HASH,
            TableLayout.HASH_SLOT,
            TableLayout.MAP_CHANGE,
            TableLayout.PROGRAM,
            TableLayout.TABLE,
            TableLayout.FAULT,
            TableLayout.LOG_ENTRY,
            TableLayout.LOG);

    @Test
    void structures_asTheCompilerSeesThem_areJavas(@TempDir Path folder) throws IOException, InterruptedException {
        Map<String, List<String>> asked = new LinkedHashMap<>();
        Map<String, Struct> expected = new LinkedHashMap<>();
        for (StructLayout layout : STRUCTS) {
            Map<String, Field> fields = new LinkedHashMap<>();
            long offset = 0;
            for (MemoryLayout member : layout.memberLayouts()) {
                if (!(member instanceof PaddingLayout)) {
                    fields.put(member.name().orElseThrow(), new Field((int) offset, (int) member.byteSize()));
                }
                offset += member.byteSize();
            }
            String name = "struct " + layout.name().orElseThrow();
            asked.put(name, List.copyOf(fields.keySet()));
            expected.put(name, new Struct((int) layout.byteSize(), fields));
        }
        assertThat(CLayout.of("device-plane-cuda/src/main/cuda", "gbpf/table.h", asked, folder))
                .isEqualTo(expected);
    }

    @Test
    void numbers_areThoseOfTheHeader() throws IOException {
        Path header = Path.of(System.getProperty("gbpf.root", ".."), "device-plane-cuda/src/main/cuda/gbpf/table.h");
        Map<String, Integer> defined = new HashMap<>();
        Pattern.compile("(?m)^#define GBPF_(\\w+) (\\d+)\\b")
                .matcher(Files.readString(header))
                .results()
                .forEach(match -> defined.put(match.group(1), Integer.valueOf(match.group(2))));
        Map<String, Integer> expected = new HashMap<>(Map.of(
                "TABLE_VERSION", TableLayout.VERSION,
                "TABLE_HOOKS", TableLayout.HOOKS,
                "TABLE_ADMIT_ROOM", TableLayout.ADMIT_ROOM,
                "TABLE_TICK_ROOM", TableLayout.TICK_ROOM,
                "TABLE_MAPS", TableLayout.MAPS,
                "CODE_STACK_BYTES", TableLayout.CODE_STACK_BYTES,
                "LOG_ENTRIES", TableLayout.LOG_ENTRIES,
                "MAP_ARRAY", MapKind.ARRAY.number(),
                "MAP_PERCPU_ARRAY", MapKind.PERCPU_ARRAY.number()));
        expected.put("MAP_HASH", MapKind.HASH.number());
        expected.put("MAP_LRU_HASH", MapKind.LRU_HASH.number());
        expected.put("MAP_SNAPSHOT", MapKind.SNAPSHOT.number());
        expected.put("MAP_COUNTERS", MapKind.COUNTERS.number());
        for (FaultKind kind : FaultKind.values()) {
            expected.put("FAULT_" + kind, kind.number());
        }
        assertThat(defined).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void deviceHooks_haveNumbersInARow() {
        List<Integer> numbers = Arrays.stream(Hook.values())
                .filter(hook -> hook.plane() == Plane.DEVICE)
                .map(hook -> hook.id() - TableLayout.FIRST_HOOK)
                .sorted()
                .toList();
        assertThat(numbers).containsExactly(0, 1, 2, 3, 4, 5);
    }
}
