package dev.gbpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Instruction.Mov;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectHashTest {

    /** Records of loaded policies outlive a release, so the hash of a given policy must not change with one. */
    @Test
    void of_knownObject_staysTheSame() {
        ObjectHash hash = ObjectHash.of(object("p", 0, 8));
        assertThat(hash.hex()).isEqualTo("67e3d815e629aa841090c73f90fde4aa7adad0d55e4fa6f1e3cfeefc51d638f9");
        assertThat(hash.tag()).isEqualTo(hash.hex().substring(0, 16)).hasSize(16);
    }

    @Test
    void of_differentBehaviour_differs() {
        assertThat(List.of(object("p", 0, 8), object("q", 0, 8), object("p", 1, 8), object("p", 0, 16)))
                .extracting(ObjectHash::of)
                .doesNotHaveDuplicates();
    }

    @Test
    void constructor_refusesWhatIsNoHash() {
        assertThatThrownBy(() -> new ObjectHash("ABC")).hasMessageContaining("64 lower-case");
        assertThatThrownBy(() -> new ObjectHash("G".repeat(64))).hasMessageContaining("64 lower-case");
    }

    private static PolicyObject object(String name, int verdict, int valueSize) {
        Program program = new Program(List.of(new Mov(true, 0, Register.R0, new Immediate(verdict)), new Exit()));
        return new PolicyObject(
                name,
                new AbiVersion(1, 0),
                List.of(new MapDefinition("m", MapKind.HASH, 4, valueSize, 10)),
                List.of(new ProgramObject(Hook.ON_SUBMIT, program, List.of())),
                null);
    }
}
