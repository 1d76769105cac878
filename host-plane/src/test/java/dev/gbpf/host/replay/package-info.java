@NullMarked
package dev.gbpf.host.replay;

import org.jspecify.annotations.NullMarked;
