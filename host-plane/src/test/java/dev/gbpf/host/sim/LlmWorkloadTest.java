package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.RunRecorder.Run;
import dev.gbpf.host.sim.SimulationResult.Outcome;
import dev.gbpf.host.workload.LlmCostModel;
import dev.gbpf.host.workload.LlmParameters;
import dev.gbpf.host.workload.LlmRequest;
import dev.gbpf.host.workload.LlmRequestSource;
import dev.gbpf.host.workload.LlmTraceReader;
import dev.gbpf.host.workload.LlmWorkload;
import dev.gbpf.host.workload.RequestRecord;
import dev.gbpf.host.workload.RequestRecord.End;
import dev.gbpf.host.workload.TenantAssignment;
import dev.gbpf.host.workload.TenantShare;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class LlmWorkloadTest {
    /** Prefill: 10 ns a token. Decoding: 100 ns a batch, 1 ns for each token of the KV cache, of 2 bytes. */
    private static final LlmCostModel TOY =
            new LlmCostModel("toy", 200, 2, 10_000, 1_000_000_000_000L, 1000, 2_000_000_000L, 1000);

    private static final TenantShare SHARE = new TenantShare(ManualDevice.TENANT, 1, 5000, 700);

    private final List<RequestRecord> records = new ArrayList<>();
    private final RunRecorder recorder = new RunRecorder();

    private static LlmRequestSource requests(LlmRequest... requests) {
        Iterator<LlmRequest> iterator = List.of(requests).iterator();
        return () -> iterator.hasNext() ? iterator.next() : null;
    }

    private static LlmParameters parameters() {
        LlmParameters d = LlmParameters.defaults(TOY, TenantAssignment.byWeight(List.of(SHARE)), 1);
        return new LlmParameters(d.model(), d.assignment(), 1, 1, Long.MAX_VALUE, 100, 0, 1, 4);
    }

    private SimulationBuilder toy(LlmParameters parameters, LlmRequest... requests) {
        DeviceModel model = ManualDevice.plain().withBatchClasses(List.of(BatchClass.decode(TOY, 8, 100)));
        return Simulation.of(model)
                .workload(new LlmWorkload(parameters, requests(requests), records::add))
                .observer(recorder)
                .options(SimulationOptions.defaults().withChecks(true).withTickNs(0));
    }

    private SimulationResult run(SimulationBuilder builder, Predicate<Job> rejects) {
        return builder.build((device, clock, listener) -> new FifoScheduler(device, clock, listener, rejects))
                .run();
    }

    @Test
    void request_isAPrefillAndADecodeJobForEachFurtherToken() {
        SimulationResult result = run(toy(parameters(), new LlmRequest(0, 0, 32, 3)), job -> false);
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.submitted()).isEqualTo(3);
        // Prefill 320; then steps over 33 and 34 tokens of KV, which are 48 by blocks of 16: 148 each.
        assertThat(records)
                .containsExactly(new RequestRecord(0, ManualDevice.TENANT, 32, 3, 0, 320, 616, End.COMPLETED));
        assertThat(records.get(0).timeToFirstTokenNs()).isEqualTo(320);
        assertThat(records.get(0).timePerOutputTokenNs()).isEqualTo(148);
        List<Job> jobs = recorder.runs().stream().map(r -> r.jobs().get(0)).toList();
        assertThat(jobs).extracting(j -> j.spec().tag()).containsExactly(0L, 1L, 1L);
        assertThat(jobs).extracting(Job::deadlineNs).containsExactly(5000L, 320L + 700, 468L + 700);
        assertThat(jobs).extracting(j -> j.spec().bytes()).containsExactly(70L, 0L, 0L);
        assertThat(jobs).extracting(j -> j.spec().releaseBytes()).containsExactly(0L, 0L, 70L);
        assertThat(jobs).extracting(j -> j.spec().costNs()).containsExactly(320L, 48L + 25, 48L + 25);
    }

    @Test
    void kvCache_isReadByBlocksOf16Tokens() {
        run(toy(parameters(), new LlmRequest(0, 0, 30, 5)), job -> false);
        // Over 31, 32, 33 and 34 tokens.
        assertThat(recorder.runs())
                .filteredOn(r -> r.batchClass() == 1)
                .extracting(r -> r.jobs().get(0).spec().workNs())
                .containsExactly(32L, 32L, 48L, 48L);
    }

    @Test
    void requestsThatDecode_shareBatches() {
        run(toy(parameters(), new LlmRequest(0, 0, 16, 3), new LlmRequest(1, 0, 16, 3)), job -> false);
        // Both prefills run at half rate and end at 320.
        assertThat(recorder.runs())
                .filteredOn(r -> r.batchClass() == 1)
                .extracting(r -> r.jobs().size())
                .containsExactly(2, 2);
        assertThat(records).extracting(RequestRecord::lastTokenNs).containsOnly(320L + 2 * (100 + 2 * 32));
    }

    @Test
    void answersOfOneTokenOrNone_endWithThePrefill() {
        run(toy(parameters(), new LlmRequest(0, 0, 10, 1), new LlmRequest(1, 5000, 10, 0)), job -> false);
        assertThat(records).extracting(RequestRecord::generatedTokens).containsExactly(1, 0);
        assertThat(records).extracting(RequestRecord::firstTokenNs).containsExactly(100L, 5100L);
        assertThat(records).extracting(RequestRecord::lastTokenNs).containsExactly(100L, -1L);
        assertThat(recorder.memory()).isEqualTo(TOY.weightBytes());
    }

    @Test
    void speedup_dividesTheArrivalTimes() {
        run(toy(parameters().withSpeedup(2), new LlmRequest(0, 0, 1, 1), new LlmRequest(1, 9001, 1, 1)), job -> false);
        assertThat(records).extracting(RequestRecord::arrivalNs).containsExactly(0L, 4500L);
    }

    @Test
    void maxRequests_isKept() {
        LlmRequest[] three = {new LlmRequest(0, 0, 1, 1), new LlmRequest(1, 1, 1, 1), new LlmRequest(2, 2, 1, 1)};
        run(toy(parameters().withMaxRequests(2), three), job -> false);
        assertThat(records).hasSize(2);
    }

    @Test
    void rejectedPrefill_endsTheRequest() {
        SimulationResult result = run(toy(parameters(), new LlmRequest(0, 0, 10, 5)), job -> true);
        assertThat(records).containsExactly(new RequestRecord(0, ManualDevice.TENANT, 10, 0, 0, -1, -1, End.REJECTED));
        assertThat(result.rejected()).isEqualTo(1);
        assertThat(recorder.memory()).isEqualTo(TOY.weightBytes());
    }

    @Test
    void rejectedDecodeJob_givesTheMemoryBack() {
        run(toy(parameters(), new LlmRequest(0, 0, 10, 5)), job -> job.id() == 3);
        assertThat(records).extracting(RequestRecord::end).containsExactly(End.REJECTED);
        assertThat(records).extracting(RequestRecord::generatedTokens).containsExactly(2);
        assertThat(recorder.memory()).isEqualTo(TOY.weightBytes());
    }

    @Test
    void failedJobs_giveTheMemoryBackOnce() {
        for (int failing = 1; failing <= 5; failing++) {
            records.clear();
            int which = failing;
            run(toy(parameters(), new LlmRequest(0, 0, 10, 5)).faults(job -> job.id() == which), job -> false);
            assertThat(records).extracting(RequestRecord::end).containsExactly(End.FAILED);
            assertThat(records).extracting(RequestRecord::generatedTokens).containsExactly(failing - 1);
            assertThat(recorder.memory()).isEqualTo(TOY.weightBytes());
        }
    }

    @Test
    void requestLargerThanTheMemory_isRefusedByTheWorkload() {
        // 1000 bytes, 200 of them for the weights, 2 for a token.
        run(toy(parameters(), new LlmRequest(0, 0, 400, 1), new LlmRequest(1, 1, 399, 1)), job -> false);
        assertThat(records).extracting(RequestRecord::end).containsExactly(End.TOO_LARGE, End.COMPLETED);
    }

    @Test
    void requestsBeyondTheMemory_waitForIt_andAllComplete() {
        LlmRequest[] many = new LlmRequest[40];
        for (int i = 0; i < many.length; i++) {
            many[i] = new LlmRequest(i, i * 10L, 100, 20);
        }
        SimulationResult result = run(toy(parameters(), many), job -> false);
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(records).hasSize(40).allMatch(r -> r.end() == End.COMPLETED && r.generatedTokens() == 20);
        assertThat(recorder.mostMemory()).isEqualTo(200 + 3 * 240);
        assertThat(recorder.memory()).isEqualTo(200);
    }

    @Test
    void sampleTrace_onAnH200_completes_andEveryTokenIsAJob() {
        LlmCostModel cost = LlmCostModel.h200Dense13b();
        Tenant chat = new Tenant(0, "chat", 1, 0);
        LlmParameters parameters = LlmParameters.defaults(
                cost, TenantAssignment.byWeight(List.of(new TenantShare(chat, 1, 1_000_000_000, 100_000_000))), 1);
        DeviceModel model = DeviceModel.h200()
                .withVslices(List.of(new VsliceSpec("all", 132, 96)))
                .withBatchClasses(List.of(BatchClass.decode(cost, 64, 132)));
        SimulationResult result = run(
                Simulation.of(model)
                        .workload(new LlmWorkload(parameters, LlmTraceReader.sample(), records::add))
                        .observer(recorder),
                job -> false);
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(records).hasSize(671).allMatch(r -> r.end() == End.COMPLETED);
        assertThat(result.submitted()).isEqualTo(140_836);
        assertThat(records.stream().mapToLong(RequestRecord::generatedTokens).sum())
                .isEqualTo(140_836);
        // The load is high, and the device keeps up over the whole.
        double busy = recorder.runs().stream().mapToLong(Run::sumOfRunNs).sum() / (double) result.endNs();
        assertThat(busy).isBetween(0.8, 1.0);
    }
}
