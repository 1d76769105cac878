/** What of the device plane's native code this build holds, and why it lacks what it lacks. */
@NullMarked
package dev.gbpf.cuda.build;

import org.jspecify.annotations.NullMarked;
