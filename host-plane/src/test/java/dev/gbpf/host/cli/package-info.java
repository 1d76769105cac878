/** Tests of the command line, run in this process with captured streams. */
@NullMarked
package dev.gbpf.host.cli;

import org.jspecify.annotations.NullMarked;
