@NullMarked
package dev.gbpf.host.plane;

import org.jspecify.annotations.NullMarked;
