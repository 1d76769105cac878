package dev.gbpf.lang.sema;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceSpan;

/**
 * The program of a hook.
 *
 * @param hook the hook
 * @param body its statements; falling off their end returns the default verdict
 * @param span the hook's name
 * @param end the closing brace
 */
public record BoundHook(Hook hook, BoundBlock body, SourceSpan span, SourceSpan end) {}
