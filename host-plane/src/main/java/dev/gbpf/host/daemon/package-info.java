/** The daemon: a plane in real time, the policies that are loaded into it, and what clients may ask of both. */
@NullMarked
package dev.gbpf.host.daemon;

import org.jspecify.annotations.NullMarked;
