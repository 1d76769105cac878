/** The GPUs of this machine as the command line shows them, and what they need to be of use. */
@NullMarked
package dev.gbpf.cuda.device;

import org.jspecify.annotations.NullMarked;
