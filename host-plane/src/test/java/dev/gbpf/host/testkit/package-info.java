/** What tests of engines share, those of other modules included. */
@NullMarked
package dev.gbpf.host.testkit;

import org.jspecify.annotations.NullMarked;
