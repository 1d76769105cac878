/** What a run of a scenario gave: one tree of records, and the recorder that builds it from the events of the plane. */
@NullMarked
package dev.gbpf.host.result;

import org.jspecify.annotations.NullMarked;
