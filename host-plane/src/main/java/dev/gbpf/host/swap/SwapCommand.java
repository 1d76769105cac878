package dev.gbpf.host.swap;

/** What an operator may ask of a plane about its policies. */
public sealed interface SwapCommand {
    /** Bring a new image in. */
    record Swap(SwapRequest request) implements SwapCommand {}

    /** End the trial: its image takes over all jobs. */
    record Promote() implements SwapCommand {}

    /**
     * End the trial: its image goes.
     *
     * @param why for the record
     */
    record Drop(String why) implements SwapCommand {}

    /**
     * Go back to the image before the one that decides; a trial that is under way ends.
     *
     * @param why for the record
     */
    record Rollback(String why) implements SwapCommand {}

    /**
     * Go on without a policy; a trial that is under way ends.
     *
     * @param why for the record
     */
    record Bypass(String why) implements SwapCommand {}
}
