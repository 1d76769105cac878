package dev.gbpf.diagnostic;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;

/** Says in words what an input or output error is: Java's own messages about files are often no more than the path. */
public final class FileProblem {
    private FileProblem() {}

    /** What went wrong, without the path, as in {@code permission denied}; what Java says where it has no word of its own. */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "something of that name is there";
            case FileSystemLoopException _ -> "symbolic links in a circle";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
