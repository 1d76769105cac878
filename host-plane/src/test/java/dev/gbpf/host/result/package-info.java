@NullMarked
package dev.gbpf.host.result;

import org.jspecify.annotations.NullMarked;
