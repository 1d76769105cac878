package dev.gbpf.host.scenario;

import static dev.gbpf.host.scenario.ScenarioTexts.GOOD;
import static dev.gbpf.host.scenario.ScenarioTexts.LIBRARY;
import static dev.gbpf.host.scenario.ScenarioTexts.MS;
import static dev.gbpf.host.scenario.ScenarioTexts.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.scenario.Scenario.Policies;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.VsliceSpec;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.workload.ArrivalProcess;
import dev.gbpf.host.workload.LlmCostModel;
import dev.gbpf.host.workload.ServiceTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioReaderTest {
    @Test
    void scenario_allParts_areRead() {
        Scenario scenario = parse(GOOD);
        assertThat(scenario.name()).isEqualTo("chat and training");
        assertThat(scenario.seed()).isEqualTo(42);
        assertThat(scenario.durationNs()).isEqualTo(10_000 * MS);
        assertThat(scenario.tickNs()).isEqualTo(MS);
        assertThat(scenario.device().memoryBytes()).isEqualTo(80L << 30);
        assertThat(scenario.device().vslices()).containsExactly(new VsliceSpec("all", 132, 32));
        assertThat(scenario.tenants())
                .containsExactly(
                        new ScenarioTenant(new Tenant(0, "chat", 8, 10), 12 * MS),
                        new ScenarioTenant(new Tenant(1, "training", 1, 0), 0));
        assertThat(scenario.policies())
                .isEqualTo(new Policies.Sequence(
                        new PolicyRef("fifo"),
                        List.of(
                                new Swap.To(
                                        4_000 * MS, new PolicyRef("weighted_fair"), new SwapMode.Immediate(), false),
                                new Swap.To(7_500 * MS, new PolicyRef("bypass"), new SwapMode.Immediate(), false))));
        assertThat(scenario.source().name()).isEqualTo("test.yaml");

        var chat = ((WorkloadSpec.Synthetic) scenario.workloads().get(0)).parameters();
        assertThat(chat.arrivals()).isEqualTo(new ArrivalProcess.Poisson(800));
        assertThat(chat.service()).isEqualTo(new ServiceTime.Fixed(250_000));
        assertThat(chat.shape().minWidth()).isEqualTo(16);
        assertThat(chat.shape().copyInBytes()).isEqualTo(65_536);
        assertThat(chat.shape().deadlineAfterNs()).isEqualTo(20 * MS);
        assertThat(chat.seed()).isEqualTo(42);
        assertThat(chat.endNs()).isEqualTo(10_000 * MS);
        var training = ((WorkloadSpec.Synthetic) scenario.workloads().get(1)).parameters();
        assertThat(training.arrivals()).isEqualTo(new ArrivalProcess.ClosedLoop(4, 0));
        assertThat(training.service()).isEqualTo(new ServiceTime.BoundedPareto(MS, 50 * MS, 1.5));
        assertThat(training.shape().memoryIntensity()).isEqualTo(750);
        assertThat(training.shape().minWidth()).isEqualTo(132);
    }

    @Test
    void llm_conversation_addsItsBatchClassToTheDevice() {
        Scenario scenario = parse("""
                name: serving
                duration: 1m
                tenants: [{name: chat}, {name: "long documents"}]
                workload:
                  - llm:
                      trace: conversation
                      model: {preset: dense-13b, weights: 20GB, bandwidth_efficiency: 0.7}
                      tenants: [{tenant: chat, share: 3, ttft_slo: 500ms, tpot_slo: 50ms}]
                      long_context: {tokens: 2000, tenant: long documents}
                      speedup: 2
                      max_batch: 64
                compare: [fifo, weighted_fair]
                """);
        var llm = (WorkloadSpec.Llm) scenario.workloads().get(0);
        assertThat(llm.parameters().decodeBatchClass()).isEqualTo(1);
        assertThat(llm.parameters().model().weightBytes()).isEqualTo(20_000_000_000L);
        assertThat(llm.parameters().model().flopsPerToken())
                .isEqualTo(LlmCostModel.h200Dense13b().flopsPerToken());
        assertThat(llm.parameters().assignment().shares().get(0).ttftSloNs()).isEqualTo(500 * MS);
        assertThat(scenario.device().batchClasses()).singleElement().satisfies(c -> {
            assertThat(c.maxSize()).isEqualTo(64);
            assertThat(c.baseNs()).isEqualTo(llm.parameters().model().decodeBaseNs());
        });
        assertThat(llm.trace())
                .isInstanceOfSatisfying(
                        LlmTrace.Generated.class,
                        trace -> assertThat(trace.parameters().durationNs()).isEqualTo(120_000 * MS));
        assertThat(scenario.withSeed(9).workloads().get(0))
                .isInstanceOfSatisfying(
                        WorkloadSpec.Llm.class,
                        reseeded -> assertThat(reseeded.parameters().seed()).isEqualTo(9));
    }

    @Test
    void quantities_everyUnit_isExact() throws Quantity.FormatException {
        assertThat(Quantity.DURATION.parse("250us")).isEqualTo(250_000);
        assertThat(Quantity.DURATION.parse("250µs")).isEqualTo(250_000);
        assertThat(Quantity.DURATION.parse("1.5 ms")).isEqualTo(1_500_000);
        assertThat(Quantity.DURATION.parse("2m")).isEqualTo(120_000_000_000L);
        assertThat(Quantity.DURATION.parse("0")).isZero();
        assertThat(Quantity.SIZE.parse("64MiB")).isEqualTo(64L << 20);
        assertThat(Quantity.SIZE.parse("1.5GiB")).isEqualTo(3L << 29);
        assertThat(Quantity.SIZE.parse("2GB")).isEqualTo(2_000_000_000L);
        assertThat(Quantity.RATE.parse("800/s")).isEqualTo(800_000);
        assertThat(Quantity.RATE.parse("1.5/ms")).isEqualTo(1_500_000);
        assertThat(Quantity.BANDWIDTH.parse("55GB/s")).isEqualTo(55_000_000_000L);
        assertThat(Quantity.INTEGER.parse("1_000_000")).isEqualTo(1_000_000);
        assertThat(Quantity.NUMBER.parse("0.1")).isEqualTo(100_000);
    }

    /** A good scenario with one thing changed, and the one problem that must be found. */
    @Test
    void file_missingTooLongOrNoText_isRefused(@TempDir Path folder) throws Exception {
        ScenarioReader reader = new ScenarioReader(LIBRARY);
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> reader.read(folder.resolve("none.yaml")))
                .withMessageContaining("E0801: the scenario cannot be read: NoSuchFileException");
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> reader.read(folder))
                .withMessageContaining("E0801");
        Path big = Files.writeString(folder.resolve("big.yaml"), "#".repeat(ScenarioReader.MAX_BYTES + 1));
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> reader.read(big))
                .withMessageContaining("E0801: the scenario is longer than 1048576 bytes");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThatExceptionOfType(ScenarioException.class)
                .isThrownBy(() -> reader.read(binary))
                .withMessageContaining("E0801: the scenario is not a text in UTF-8");
    }

    @Test
    void policyFile_besideTheScenario_isFound(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("mine.gbpf"), "");
        Path file = Files.writeString(folder.resolve("s.yaml"), GOOD.replace("policy: fifo", "policy: mine.gbpf"));
        Scenario scenario = new ScenarioReader(LIBRARY).read(file);
        assertThat(((Policies.Sequence) scenario.policies()).first().isPath()).isTrue();
        assertThat(scenario.folder()).isEqualTo(folder);
    }

    @Test
    void documentation_itsExamples_areScenarios() throws Exception {
        Path root = Path.of(System.getProperty("gbpf.root", ".."));
        String page = Files.readString(root.resolve("docs/scenario.md"));
        String[] blocks = page.split("```yaml\n", -1);
        assertThat(blocks).hasSize(3);
        String whole = blocks[1].substring(0, blocks[1].indexOf("```"));
        assertThat(parse(whole).tenants()).hasSize(2);
        String llm = blocks[2].substring(0, blocks[2].indexOf("```"));
        Scenario serving = parse("name: x\nduration: 1m\npolicy: fifo\ntenants: [{name: chat}, {name: batch}]\n" + llm);
        assertThat(serving.workloads()).singleElement().isInstanceOf(WorkloadSpec.Llm.class);
    }

    @Test
    void constants_ofTheReader_agreeWithTheDevice() {
        assertThat(parse(GOOD.replace("  memory: 80GiB\n", "").replace("  inflight: 32\n", "  sms: 132\n"))
                        .device())
                .isEqualTo(DeviceModel.h200());
        assertThat(Arrays.asList("fifo", "weighted_fair")).isSubsetOf(LIBRARY);
    }
}
