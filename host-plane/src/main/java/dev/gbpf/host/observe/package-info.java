/**
 * What a plane lets others see of its decisions: the flight recorder, the decision trace, histograms, counters and metrics. The
 * plane's thread writes without allocating or waiting; any thread may read.
 */
@NullMarked
package dev.gbpf.host.observe;

import org.jspecify.annotations.NullMarked;
