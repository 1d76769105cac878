@NullMarked
package dev.gbpf.host.live;

import org.jspecify.annotations.NullMarked;
