package dev.gbpf.host.record;

import java.sql.SQLException;

/**
 * Why SQLite refused, as whoever runs the plane should read it.
 *
 * @param words what was wrong and what to do
 */
record SqliteFailure(String words) {
    /** The low byte of SQLite's result codes (https://www.sqlite.org/rescode.html). */
    private static final int PRIMARY = 0xff;

    static SqliteFailure of(SQLException e) {
        return new SqliteFailure(
                switch (e.getErrorCode() & PRIMARY) {
                    case 5, 6 -> "another process has it; stop that one, or name another file";
                    case 8 -> "it cannot be written; give its owner the right to write it and its directory";
                    case 11, 26 ->
                        "it is damaged or no database; move it away, and restore a copy or start with a new one";
                    case 13 -> "the disk is full; free some space";
                    case 14 -> "it cannot be opened; check that its directory exists and may be written";
                    default -> String.valueOf(e.getMessage());
                });
    }
}
