/** Jobs, the streams that order them, and the dispatch queues in which they wait. */
@NullMarked
package dev.gbpf.host.queue;

import org.jspecify.annotations.NullMarked;
