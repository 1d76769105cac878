@NullMarked
package dev.gbpf.host.daemon;

import org.jspecify.annotations.NullMarked;
