package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.workload.LlmCostModel;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceModelTest {
    @Test
    void h200_isWhatItsDataSheetSays() {
        DeviceModel h200 = DeviceModel.h200();
        assertThat(h200.sms()).isEqualTo(132);
        assertThat(h200.memoryBytes()).isEqualTo(139L << 30);
        // 1 MiB at 55 GB/s and 3.7 us.
        assertThat(h200.copyH2d().durationNs(1 << 20)).isEqualTo(3_700 + 19_066);
        assertThat(h200.copyH2d().durationNs(0)).isEqualTo(3_700);
    }

    @Test
    void vslices_ofMoreSmsThanThereAre_areRefused() {
        List<VsliceSpec> tooMany = List.of(new VsliceSpec("a", 100, 1), new VsliceSpec("b", 33, 1));
        refused(() -> DeviceModel.h200().withVslices(tooMany), "133 SMs together, and sms=132");
    }

    @Test
    void vslices_ofOneName_areRefused() {
        List<VsliceSpec> same = List.of(new VsliceSpec("a", 1, 1), new VsliceSpec("a", 1, 1));
        refused(() -> DeviceModel.h200().withVslices(same), "two of its vslice entries have name=a");
    }

    @Test
    void vslices_noneOrTooMany_areRefused() {
        refused(() -> DeviceModel.h200().withVslices(List.of()), "vslices=0 is not in 1..16");
        List<VsliceSpec> many = Collections.nCopies(17, new VsliceSpec("a", 1, 1));
        refused(() -> DeviceModel.h200().withVslices(many), "vslices=17 is not in 1..16");
    }

    @Test
    void values_outOfRange_areNamed() {
        refused(() -> new VsliceSpec("v", 0, 1), "vslice v: sms=0 is not in 1..");
        refused(() -> new VsliceSpec("v", 1, 0), "vslice v: inflightLimit=0");
        refused(() -> new VsliceSpec(" ", 1, 1), "name is blank");
        refused(() -> new BatchClass("b", 0, 1, 1, 0), "batch class b: baseNs=0");
        refused(() -> new BatchClass("b", 1, 4097, 1, 0), "maxSize=4097 is not in 1..4096");
        refused(() -> new BatchClass("b", 1, 1, 1, 1001), "memoryIntensity=1001");
        refused(() -> new CopyEngineSpec(0, 0), "bytesPerSecond=0");
        refused(() -> new SimulationOptions(0, 0, 1, 0, false), "horizonNs=0");
        refused(() -> FaultPlan.everyNth(0), "n=0");
    }

    @Test
    void decodeClass_takesItsBaseFromTheModel() {
        BatchClass decode = BatchClass.decode(LlmCostModel.h200Dense13b(), 64, 132);
        // 26.03 GB at 80 % of 4.8 TB/s.
        assertThat(decode.baseNs()).isEqualTo(6_778_646);
        assertThat(decode.memoryIntensity()).isEqualTo(800);
    }

    private static void refused(Runnable making, String message) {
        assertThatThrownBy(making::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
