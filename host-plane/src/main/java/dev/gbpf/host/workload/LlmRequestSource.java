package dev.gbpf.host.workload;

import org.jspecify.annotations.Nullable;

/** Requests in order of arrival, one at a time. */
@FunctionalInterface
public interface LlmRequestSource {
    /** The next request, or null after the last. */
    @Nullable
    LlmRequest next();
}
