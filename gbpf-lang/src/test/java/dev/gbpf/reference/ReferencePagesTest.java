package dev.gbpf.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.isa.Opcode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The committed reference pages are what the code says now. */
class ReferencePagesTest {
    private static final String COMMAND =
            "mvn -q -pl gbpf-lang -am test -Dtest=ReferencePagesTest -Dgbpf.regenerate=true"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";

    @ParameterizedTest
    @EnumSource
    void page_isUpToDate(ReferencePage page) throws IOException {
        Path file = Path.of(System.getProperty("gbpf.root", ".."), "docs", page.fileName());
        if (Boolean.getBoolean("gbpf.regenerate")) {
            Files.writeString(file, page.render());
        }
        assertThat(Files.exists(file))
                .as("docs/%s exists; make it with: %s", page.fileName(), COMMAND)
                .isTrue();
        assertThat(Files.readString(file))
                .as("docs/%s is what the code says; make it again with: %s", page.fileName(), COMMAND)
                .isEqualTo(page.render());
    }

    @Test
    void pages_nameEverything() {
        String hooks = ReferencePage.HOOKS.render();
        for (Hook hook : Hook.values()) {
            assertThat(hooks).contains("\n## " + hook.symbol() + "\n", hook.doc());
            hook.context().fields().forEach(f -> assertThat(hooks).contains("`" + f.name() + "`", f.doc()));
            hook.verdict().names().forEach(n -> assertThat(hooks).contains("`" + n.name() + "`", n.doc()));
        }
        Constants.all().forEach(c -> assertThat(hooks).contains("`" + c.name() + "`", c.doc()));
        String helpers = ReferencePage.HELPERS.render();
        for (Helper helper : Helper.values()) {
            assertThat(helpers).contains("\n## " + helper.symbol() + "\n", helper.doc());
        }
        String bytecode = ReferencePage.BYTECODE.render();
        for (Opcode opcode : Opcode.all()) {
            assertThat(bytecode).contains(String.format("| 0x%02x | %s |", opcode.code(), opcode.mnemonic()));
        }
    }
}
