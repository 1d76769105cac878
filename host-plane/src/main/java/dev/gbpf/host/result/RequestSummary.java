package dev.gbpf.host.result;

/**
 * Requests of a language model service, each made up of many jobs.
 *
 * @param requests how many ended
 * @param firstToken from arrival to the first token
 * @param perToken mean time between a request's later tokens; requests of one token are not in it
 * @param endToEnd from arrival to the last token
 */
public record RequestSummary(long requests, Distribution firstToken, Distribution perToken, Distribution endToEnd) {}
