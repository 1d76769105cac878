package dev.gbpf.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CubinTest {
    @Test
    void sections_ofAFile_areNamed() {
        assertThat(Cubin.sections(TestElf.of(".text.f", ".nv.constant3")))
                .containsExactly(".text.f", ".nv.constant3", ".shstrtab");
    }

    @Test
    void sections_ofSomethingElse_areRefused() {
        assertThatThrownBy(() -> Cubin.sections(new byte[100]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the driver's linker gave no ELF file");
    }

    @Property(tries = 300)
    void sections_ofADamagedFile_areNamedOrRefused(@ForAll int at, @ForAll byte value, @ForAll short length) {
        byte[] elf = TestElf.of(".text.f", ".nv.info");
        elf[Math.floorMod(at, elf.length)] = value;
        byte[] part = Arrays.copyOf(elf, Math.floorMod(length, elf.length + 1));
        try {
            assertThat(Cubin.sections(part)).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("the driver's linker gave");
        }
    }
}
