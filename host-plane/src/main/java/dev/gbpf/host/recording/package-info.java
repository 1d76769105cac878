/** What applications did, as it was recorded: the model, and the file that holds it. {@code docs/recording.md} describes the format. */
@NullMarked
package dev.gbpf.host.recording;

import org.jspecify.annotations.NullMarked;
