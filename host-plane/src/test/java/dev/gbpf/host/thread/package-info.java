@NullMarked
package dev.gbpf.host.thread;

import org.jspecify.annotations.NullMarked;
