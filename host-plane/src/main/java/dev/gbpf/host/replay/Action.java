package dev.gbpf.host.replay;

import dev.gbpf.host.recording.EventKind;

/**
 * One thing that an application does.
 *
 * @param gapNs its own time before; of what comes from outside the time since the last that did
 * @param arriveNs when it came from outside; -1 when it is the application's own
 * @param callNs how long the driver takes for it
 * @param stream of it; {@link dev.gbpf.host.recording.RecordedEvent#ALL_STREAMS} for a wait for all
 * @param upTo of a wait: how many works of the stream it waits for
 * @param costNs what the gate charges
 * @param workNs how long the device takes
 * @param width SMs that it can use
 */
record Action(
        EventKind kind,
        long gapNs,
        long arriveNs,
        long callNs,
        int stream,
        int upTo,
        long costNs,
        long workNs,
        int width) {}
