/** The control protocol: requests and replies as lines of JSON on a UNIX domain socket, both ends of it. */
@NullMarked
package dev.gbpf.host.control;

import org.jspecify.annotations.NullMarked;
