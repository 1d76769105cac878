package dev.gbpf.host.workload;

import org.jspecify.annotations.Nullable;

/**
 * Requests to a language model. Each is a stream: a prefill, which takes the memory of the whole KV cache and brings the first
 * token (tag {@value #TAG_PREFILL}), then one decode job for each further token (tag {@value #TAG_DECODE}), submitted when the
 * one before is over; the last one gives the memory back. So every token passes the plane's hooks.
 */
public final class LlmWorkload implements Workload {
    /** Tag of a prefill. */
    public static final long TAG_PREFILL = 0;
    /** Tag of a decode job. */
    public static final long TAG_DECODE = 1;

    private final LlmParameters parameters;
    private final LlmRequestSource source;
    private final RequestObserver observer;
    private @Nullable LlmRequest upcoming;
    private long taken;
    private long active;

    /**
     * A workload, which reads its source as it goes.
     *
     * @param parameters what the requests cost and whose they are
     * @param source the requests
     * @param observer told about each request when it is over
     */
    public LlmWorkload(LlmParameters parameters, LlmRequestSource source, RequestObserver observer) {
        this.parameters = parameters;
        this.source = source;
        this.observer = observer;
    }

    @Override
    public long residentBytes() {
        return parameters.model().weightBytes();
    }

    /** Requests that have come so far. */
    public long arrived() {
        return taken - (upcoming == null ? 0 : 1);
    }

    /** Requests that have come and are not over. */
    public long active() {
        return active;
    }

    @Override
    public void start(WorkloadContext context) {
        scheduleNext(context);
    }

    private void scheduleNext(WorkloadContext context) {
        upcoming = taken < parameters.maxRequests() ? source.next() : null;
        if (upcoming != null) {
            taken++;
            long arrivalNs = (long) ((double) upcoming.arrivalNs() / parameters.speedup());
            context.schedule(Math.max(context.nowNs(), arrivalNs), (nowNs, payload) -> arrive(context, nowNs), 0);
        }
    }

    private void arrive(WorkloadContext context, long nowNs) {
        LlmRequest request = upcoming;
        if (request == null) {
            throw new IllegalStateException("no request was due at " + nowNs);
        }
        scheduleNext(context);
        active++;
        TenantShare share = parameters.assignment().of(request, parameters.seed());
        new ActiveRequest(parameters, context, request, share, nowNs, this::over).begin();
    }

    private void over(RequestRecord request) {
        active--;
        observer.ended(request);
    }
}
