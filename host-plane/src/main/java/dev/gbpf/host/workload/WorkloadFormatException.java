package dev.gbpf.host.workload;

import java.io.Serial;

/** A file of recorded requests is not in its format. */
public final class WorkloadFormatException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String file;
    private final long line;
    private final int column;
    private final String what;
    private final String remedy;

    /**
     * An error at a place.
     *
     * @param file name of the file
     * @param line from 1
     * @param column from 1, in bytes
     * @param what is wrong
     * @param remedy what to do about it
     */
    public WorkloadFormatException(String file, long line, int column, String what, String remedy) {
        super(file + ":" + line + ":" + column + ": " + what + "; " + remedy);
        this.file = file;
        this.line = line;
        this.column = column;
        this.what = what;
        this.remedy = remedy;
    }

    public String file() {
        return file;
    }

    public long line() {
        return line;
    }

    public int column() {
        return column;
    }

    public String what() {
        return what;
    }

    public String remedy() {
        return remedy;
    }
}
