package dev.gbpf.host.workload;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;

/** A request on its way: it submits its jobs one after the other and notes when tokens come out. */
final class ActiveRequest implements JobOwner {
    /** A KV cache is read by blocks of so many tokens, so the jobs of one block share their description. */
    static final int KV_BLOCK_TOKENS = 16;

    private final LlmParameters parameters;
    private final WorkloadContext context;
    private final LlmRequest request;
    private final TenantShare share;
    private final long arrivalNs;
    private final RequestObserver observer;
    private final JobStream stream;
    private final long kvBytes;

    private JobSpec spec;
    private int tokens;
    private long firstTokenNs = -1;
    private long lastTokenNs = -1;

    ActiveRequest(
            LlmParameters parameters,
            WorkloadContext context,
            LlmRequest request,
            TenantShare share,
            long arrivalNs,
            RequestObserver observer) {
        this.parameters = parameters;
        this.context = context;
        this.request = request;
        this.share = share;
        this.arrivalNs = arrivalNs;
        this.observer = observer;
        this.stream = context.openStream(share.tenant(), this);
        this.kvBytes = parameters.model().kvBytes((long) request.contextTokens() + request.generatedTokens());
        this.spec = prefill();
    }

    void begin() {
        if (kvBytes > context.memoryBytes()) {
            over(RequestRecord.End.TOO_LARGE);
        } else {
            context.submit(stream, spec);
        }
    }

    private JobSpec prefill() {
        long workNs = parameters.model().prefillNs(request.contextTokens());
        return new JobSpec(
                JobKind.KERNEL,
                parameters.width(),
                workNs,
                workNs,
                kvBytes,
                request.generatedTokens() <= 1 ? kvBytes : 0,
                share.ttftSloNs(),
                0,
                parameters.prefillMemoryIntensity(),
                LlmWorkload.TAG_PREFILL);
    }

    private JobSpec decode(boolean last) {
        LlmCostModel model = parameters.model();
        long length = (long) request.contextTokens() + tokens;
        long workNs = model.decodeNs((length + KV_BLOCK_TOKENS - 1) / KV_BLOCK_TOKENS * KV_BLOCK_TOKENS);
        return new JobSpec(
                JobKind.KERNEL,
                parameters.width(),
                workNs + model.decodeBaseNs() / parameters.expectedBatch(),
                workNs,
                0,
                last ? kvBytes : 0,
                share.tpotSloNs(),
                parameters.decodeBatchClass(),
                (int) model.bandwidthEfficiencyThousandths(),
                LlmWorkload.TAG_DECODE);
    }

    @Override
    public void ended(Job job, JobEnd end, long nowNs) {
        if (end != JobEnd.RETIRED) {
            giveBack(end);
            over(end == JobEnd.REJECTED ? RequestRecord.End.REJECTED : RequestRecord.End.FAILED);
            return;
        }
        if (firstTokenNs < 0) {
            firstTokenNs = nowNs;
        }
        if (request.generatedTokens() > 0) {
            tokens++;
            lastTokenNs = nowNs;
        }
        if (tokens == request.generatedTokens()) {
            over(RequestRecord.End.COMPLETED);
            return;
        }
        boolean last = tokens == request.generatedTokens() - 1;
        boolean newBlock = (request.contextTokens() + tokens) % KV_BLOCK_TOKENS == 1;
        if (tokens == 1 || last || newBlock) {
            spec = decode(last);
        }
        context.submit(stream, spec);
    }

    /** After a job that did not succeed: the KV cache that the prefill took and that no job has given back. */
    private void giveBack(JobEnd end) {
        boolean isPrefill = firstTokenNs < 0;
        boolean ran = end == JobEnd.FAILED;
        boolean taken = ran || !isPrefill;
        boolean givenBack = ran && spec.releaseBytes() > 0;
        if (taken && !givenBack) {
            context.releaseMemory(kvBytes);
        }
    }

    private void over(RequestRecord.End end) {
        observer.ended(new RequestRecord(
                request.number(),
                share.tenant(),
                request.contextTokens(),
                tokens,
                arrivalNs,
                firstTokenNs,
                lastTokenNs,
                end));
    }
}
