/** The command line: one class per command, input and output with messages that say what to do, and exit codes. */
@NullMarked
package dev.gbpf.host.cli;

import org.jspecify.annotations.NullMarked;
