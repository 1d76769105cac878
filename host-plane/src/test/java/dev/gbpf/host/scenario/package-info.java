@NullMarked
package dev.gbpf.host.scenario;

import org.jspecify.annotations.NullMarked;
