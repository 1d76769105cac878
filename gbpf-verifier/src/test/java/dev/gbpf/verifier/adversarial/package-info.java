/** Programs made to cost the verifier as much as they can. */
@NullMarked
package dev.gbpf.verifier.adversarial;

import org.jspecify.annotations.NullMarked;
