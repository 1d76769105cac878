package dev.gbpf.cuda.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.Hook;
import dev.gbpf.reference.DeviceHeader;
import dev.gbpf.testkit.CLayout;
import dev.gbpf.testkit.CLayout.Field;
import dev.gbpf.testkit.CLayout.Struct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contexts of {@code abi.h}, as the C compiler lays them out, are those of the schema. */
class AbiHeaderTest {
    @Test
    void contexts_asTheCompilerSeesThem_areThoseOfTheSchema(@TempDir Path folder)
            throws IOException, InterruptedException {
        Map<String, List<String>> asked = new LinkedHashMap<>();
        Map<String, Struct> expected = new LinkedHashMap<>();
        for (Hook hook : DeviceHeader.deviceHooks()) {
            ContextLayout layout = hook.context();
            Map<String, Field> fields = new LinkedHashMap<>();
            for (ContextField field : layout.fields()) {
                fields.put(field.name(), new Field(field.offset(), field.width().bytes()));
            }
            asked.put("struct " + layout.name(), List.copyOf(fields.keySet()));
            expected.put("struct " + layout.name(), new Struct(layout.size(), fields));
        }
        assertThat(CLayout.of("device-plane-cuda/src/main/cuda", "gbpf/" + DeviceHeader.FILE_NAME, asked, folder))
                .isEqualTo(expected);
    }
}
