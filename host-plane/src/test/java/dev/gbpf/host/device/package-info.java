@NullMarked
package dev.gbpf.host.device;

import org.jspecify.annotations.NullMarked;
