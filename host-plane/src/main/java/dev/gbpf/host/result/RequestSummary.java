package dev.gbpf.host.result;

/**
 * Requests of a language model service, each made up of many jobs. Like a job, a request counts where it ended.
 *
 * @param completed requests whose tokens all came out
 * @param refused requests of which a job was rejected or failed; they are in no distribution
 * @param withinSlo completed requests that kept the tenant's objectives for the first token and for the pace; all of them
 *     when it has none
 * @param firstToken from arrival to the first token
 * @param perToken mean time of a request's later tokens; requests of fewer than two tokens are not in it
 * @param endToEnd from arrival to the last token
 */
public record RequestSummary(
        long completed,
        long refused,
        long withinSlo,
        Distribution firstToken,
        Distribution perToken,
        Distribution endToEnd) {}
