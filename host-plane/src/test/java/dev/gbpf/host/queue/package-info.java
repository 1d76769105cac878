@NullMarked
package dev.gbpf.host.queue;

import org.jspecify.annotations.NullMarked;
