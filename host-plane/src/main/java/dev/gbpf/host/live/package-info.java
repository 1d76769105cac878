/** The plane in real time: one thread that owns it, paced device events, work and commands from other threads. */
@NullMarked
package dev.gbpf.host.live;

import org.jspecify.annotations.NullMarked;
