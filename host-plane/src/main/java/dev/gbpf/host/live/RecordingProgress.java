package dev.gbpf.host.live;

/**
 * How far a recording has come.
 *
 * @param beganNs when it began, {@code CLOCK_MONOTONIC}, by which applications can tell what of their own figures is of it
 * @param applications processes that it has seen
 * @param events taken down
 * @param lost events that were not seen
 * @param complete whether no limit was reached
 */
public record RecordingProgress(long beganNs, int applications, long events, long lost, boolean complete) {}
