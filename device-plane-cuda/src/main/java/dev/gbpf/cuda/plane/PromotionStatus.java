package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.table.Tier;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the policy runs that was published last, and how the last one came to be machine code.
 *
 * @param tier how it runs
 * @param promotions how many policies became machine code so far
 * @param compile what the last compilation took; it was beside the kernel
 * @param pause how long the last one held the kernel up
 * @param refused why the policy stays in the interpreter; null while nothing speaks against it
 */
public record PromotionStatus(
        Tier tier,
        int promotions,
        Duration compile,
        PromotionPause pause,
        @Nullable String refused) {}
