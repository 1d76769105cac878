@NullMarked
package dev.gbpf.host.vm;

import org.jspecify.annotations.NullMarked;
