@NullMarked
package dev.gbpf.host.interpose;

import org.jspecify.annotations.NullMarked;
