package dev.gbpf.host.lsp;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CompletionException;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;

/** What a client is told when its request cannot be answered. */
final class Failures {
    private Failures() {}

    /** A request that the state of the server, or the request itself, does not allow. */
    static ResponseErrorException refused(ResponseErrorCode code, String message) {
        return new ResponseErrorException(new ResponseError(code, message, null));
    }

    private static boolean isWrapper(Throwable failure) {
        return failure instanceof CompletionException
                || failure instanceof InvocationTargetException
                || failure.getClass() == RuntimeException.class;
    }

    /** The answer in place of a result; what is a bug here goes to the log. */
    static ResponseError toResponse(Throwable failure, PrintStream log) {
        Throwable cause = failure;
        while (isWrapper(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ResponseErrorException refused) {
            return refused.getResponseError();
        }
        log.println("gbpf lsp: internal error: " + cause);
        return new ResponseError(ResponseErrorCode.InternalError, "internal error: " + cause, null);
    }
}
