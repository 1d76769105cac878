@NullMarked
package dev.gbpf.host.recording;

import org.jspecify.annotations.NullMarked;
