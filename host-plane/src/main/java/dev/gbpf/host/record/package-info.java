/** What must outlive the process: policies, when each of them decided, and how that ended. */
@NullMarked
package dev.gbpf.host.record;

import org.jspecify.annotations.NullMarked;
